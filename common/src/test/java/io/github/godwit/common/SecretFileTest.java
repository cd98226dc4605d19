package io.github.godwit.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFileTest {

    @TempDir
    private Path directory;

    private Path secret(String permissions) throws IOException {
        Path file = PrivateFile.write(directory.resolve("token"), "s3cret\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @ParameterizedTest
    @ValueSource(strings = {"r--------", "rw-------", "rw-r-----"})
    void aFileOfItsOwnerAndItsGroupIsRead(String permissions) throws IOException {
        assertThat(SecretFile.read("token", secret(permissions))).isEqualTo("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw----r--", "rw-rw----", "rw-----w-"})
    void aFileThatOthersCanReadOrReplaceIsRefused(String permissions) throws IOException {
        Path file = secret(permissions);
        assertThatThrownBy(() -> SecretFile.read("token", file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(permissions, "chmod 600 " + file)
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path file = directory.resolve("none");
        assertThatThrownBy(() -> SecretFile.read("token", file))
                .isInstanceOf(IOException.class)
                .hasMessage("The token cannot be read: there is no file %s.".formatted(file));
    }
}
