package io.github.godwit.host.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.host.net.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Taps that the kernel does not remove at once. Its {@code ip} keeps taps as files, and removes none while there is a file {@code busy}. */
@Timeout(30)
class TapsTest {

    private static final String TAP = "gwt0123456789ab";

    @TempDir
    Path directory;

    private Path kernel;
    private Path leftovers;
    private Path busy;
    private Taps taps;

    @BeforeEach
    void installIp() throws IOException {
        kernel = Files.createDirectory(directory.resolve("kernel"));
        leftovers = directory.resolve("state/taps");
        busy = directory.resolve("busy");
        Path bin = Files.createDirectory(directory.resolve("bin"));
        Path ip = Files.writeString(bin.resolve("ip"), """
                #!/bin/sh
                case "$1 $2" in
                    'link delete')
                        [ -e %1$s/"$4" ] || { echo "Cannot find device $4" >&2; exit 1; }
                        [ ! -e %2$s ] || { echo 'RTNETLINK answers: Device or resource busy' >&2; exit 2; }
                        rm %1$s/"$4" ;;
                    'tuntap add')
                        [ ! -e %1$s/"$4" ] || { echo 'ioctl(TUNSETIFF): Device or resource busy' >&2; exit 1; }
                        touch %1$s/"$4" ;;
                esac
                """.formatted(kernel, busy));
        Files.setPosixFilePermissions(ip, PosixFilePermissions.fromString("rwxr-xr-x"));
        taps = taps();
    }

    private Taps taps() {
        return new Taps(
                leftovers,
                new Command(
                        List.of("env", "PATH=%s:%s".formatted(directory.resolve("bin"), System.getenv("PATH"))),
                        Duration.ofSeconds(10)));
    }

    @Test
    void aTapThatCouldNotBeRemovedIsRemovedLater() throws IOException {
        taps.create(TAP, "br0");
        Files.createFile(busy);
        taps.remove(TAP);
        taps.removeLeftovers();
        assertThat(kernel.resolve(TAP)).exists();

        Files.delete(busy);
        taps.removeLeftovers();
        assertThat(kernel).isEmptyDirectory();
        assertThat(leftovers).isEmptyDirectory();
    }

    @Test
    void theNextHostDriverRemovesWhatAKilledOneCouldNot() throws IOException {
        taps.create(TAP, "br0");
        Files.createFile(busy);
        taps.remove(TAP);
        Files.delete(busy);

        taps().removeLeftovers();
        assertThat(kernel).isEmptyDirectory();
    }

    @Test
    void theTapOfANewVmIsNotTakenForTheLeftoverOfItsName() throws IOException {
        taps.create(TAP, "br0");
        Files.createFile(busy);
        taps.remove(TAP);
        assertThatThrownBy(() -> taps.create(TAP, "br0")).hasMessageContaining("Cannot create tap " + TAP);
        Files.delete(busy);
        taps.create(TAP, "br0");

        taps.removeLeftovers();
        assertThat(kernel.resolve(TAP)).exists();
    }

    @Test
    void whatCannotBeRecordedIsReported() throws IOException {
        taps.create(TAP, "br0");
        Files.createFile(busy);
        Files.createFile(directory.resolve("state"));
        assertThatThrownBy(() -> taps.remove(TAP)).isInstanceOf(IOException.class);
    }
}
