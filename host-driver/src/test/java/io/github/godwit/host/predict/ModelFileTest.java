package io.github.godwit.host.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.predict.forest.ModelFormat;
import io.github.godwit.model.predict.forest.PredictionModel;
import io.github.godwit.model.predict.forest.PredictionModel.About;
import io.github.godwit.model.predict.forest.ShippedModel;
import io.github.godwit.model.profile.Accelerator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {

    private static final PredictionModel SHIPPED = ShippedModel.read();

    @TempDir
    private Path directory;

    private Path file;
    private int version;

    @BeforeEach
    void writeOne() throws IOException {
        file = directory.resolve("lab.model");
        write("one");
    }

    private void write(String trainedAt) throws IOException {
        PredictionModel model = new PredictionModel(
                new About("f00", 1, trainedAt, "a test", Set.of(Accelerator.KVM)),
                SHIPPED.domain(),
                SHIPPED.trees(),
                SHIPPED.ensembles(),
                SHIPPED.converged());
        try (OutputStream out = Files.newOutputStream(file)) {
            ModelFormat.write(model, out);
        }
        changed();
    }

    /** Each version is a second younger, because the file times of some file systems are coarse. */
    private void changed() throws IOException {
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L + 1000L * version++));
    }

    @Test
    void loadsANewVersion() throws IOException {
        ModelFile model = new ModelFile(file);
        assertThat(model.model().about().trainedAt()).isEqualTo("one");

        write("two");
        model.reloadIfChanged();

        assertThat(model.model().about().trainedAt()).isEqualTo("two");
    }

    @Test
    void keepsThePreviousModelIfTheFileIsDamagedOrMissing() throws IOException {
        ModelFile model = new ModelFile(file);

        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
        changed();
        model.reloadIfChanged();
        assertThat(model.model().about().trainedAt()).isEqualTo("one");

        Files.delete(file);
        model.reloadIfChanged();
        assertThat(model.model().about().trainedAt()).isEqualTo("one");

        write("two");
        model.reloadIfChanged();
        assertThat(model.model().about().trainedAt()).isEqualTo("two");
    }

    @Test
    void aFileThatIsNotAModelIsRefusedAtStart() throws IOException {
        Files.write(file, "rows".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> new ModelFile(file)).hasMessageContaining("not a prediction model");
    }
}
