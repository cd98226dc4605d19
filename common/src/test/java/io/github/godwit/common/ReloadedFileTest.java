package io.github.godwit.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadedFileTest {

    @TempDir
    private Path directory;

    private Path file;
    private int version;

    @BeforeEach
    void writeOne() throws IOException {
        file = directory.resolve("number");
        write("1");
    }

    /** Each version is a second younger, because the file times of some file systems are coarse. */
    private void write(String text) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L + 1000L * version++));
    }

    private ReloadedFile<Integer> open() throws IOException {
        return new ReloadedFile<>(
                "number", file, in -> Integer.valueOf(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
    }

    @Test
    void aNewVersionIsUsedOnceItIsLoaded() throws IOException {
        ReloadedFile<Integer> number = open();
        write("2");
        assertThat(number.get()).isEqualTo(1);
        assertThat(number.current()).isEqualTo(2);
        assertThat(number.get()).isEqualTo(2);
    }

    @Test
    void whatCouldNotBeLoadedIsTriedAgainOnceAMinute() throws IOException {
        AtomicLong nanos = new AtomicLong();
        AtomicInteger loads = new AtomicInteger();
        ReloadedFile<Integer> number = new ReloadedFile<>(
                "number",
                List.of(file),
                () -> {
                    if (loads.incrementAndGet() == 2) {
                        throw new IllegalArgumentException("not valid yet");
                    }
                    return loads.get();
                },
                nanos::get);
        write("2");
        assertThat(number.current()).isEqualTo(1);

        nanos.set(Duration.ofSeconds(59).toNanos());
        assertThat(number.current()).isEqualTo(1);
        nanos.set(Duration.ofSeconds(60).toNanos());
        assertThat(number.current()).isEqualTo(3);
        nanos.set(Duration.ofHours(1).toNanos());
        assertThat(number.current()).as("loaded once").isEqualTo(3);
    }

    @Test
    void thePreviousContentStaysIfTheNewOneCannotBeUsed() throws IOException {
        ReloadedFile<Integer> number = open();
        write("many");
        assertThat(number.current()).isEqualTo(1);
        Files.delete(file);
        assertThat(number.current()).isEqualTo(1);
        write("3");
        assertThat(number.current()).isEqualTo(3);
    }

    @Test
    void contentThatCannotBeUsedIsRefusedAtFirstWithTheNameOfTheFile() throws IOException {
        write("many");
        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining(file + ": ");
    }
}
