package io.github.godwit.host.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationTrafficTest {

    private static final long QEMU = 4711;
    private static final int STORAGE = 100;
    private static final int MIGRATION = 200;

    @TempDir
    Path proc;

    private final Set<Long> migrating = new HashSet<>();
    private final AtomicLong nanos = new AtomicLong();
    private String output = "";
    private MigrationTraffic traffic;

    @BeforeEach
    void qemuWithTwoConnections() throws IOException {
        Path files = Files.createDirectories(proc.resolve(QEMU + "/fd"));
        Files.createSymbolicLink(files.resolve("3"), Path.of("socket:[" + STORAGE + "]"));
        Files.createSymbolicLink(files.resolve("4"), Path.of("socket:[" + MIGRATION + "]"));
        Files.createSymbolicLink(files.resolve("5"), Path.of("/dev/kvm"));
        traffic = new MigrationTraffic(
                () -> migrating,
                new QemuSockets(proc, words -> {
                    if (output == null) {
                        throw new IOException("ss is not installed");
                    }
                    return output;
                }),
                nanos::get);
    }

    @Test
    void beforeTheFirstSampleItIsUnknownAndWithoutAMigrationZero() {
        assertThat(traffic.get()).isEmpty();
        traffic.sample();
        assertThat(traffic.get()).contains(Traffic.NONE);
    }

    @Test
    void theConnectionsOfAMigratingQemuAreCountedFromTheSampleThatFoundItOn() {
        output = socket(STORAGE, 9_000_000_000L, 9_000_000_000L);
        traffic.sample();
        migrating.add(QEMU);
        after2Seconds();
        assertThat(traffic.get()).contains(Traffic.NONE);
        // Another process has connections, too: 25 MB in 2 s are 100 Mbit/s, over the 4 s of the window 50.
        output += socket(MIGRATION, 1_000, 25_000_000) + socket(300, 77_000_000, 77_000_000);
        after2Seconds();
        assertThat(traffic.get().orElseThrow().out()).isEqualTo(Bandwidth.ofMegabits(50));
        assertThat(traffic.get().orElseThrow().in()).isEqualTo(Bandwidth.ofBytesPerSecond(250));
    }

    @Test
    void itEndsWithTheMigration() {
        migrating.add(QEMU);
        traffic.sample();
        output = socket(MIGRATION, 0, 25_000_000);
        after2Seconds();
        migrating.clear();
        for (int sample = 0; sample < 3; sample++) {
            after2Seconds();
        }
        assertThat(traffic.get()).contains(Traffic.NONE);
    }

    @Test
    void withoutSsItIsUnknownAsLongAsSomethingMigrates() {
        migrating.add(QEMU);
        output = null;
        traffic.sample();
        assertThat(traffic.get()).isEmpty();
        migrating.clear();
        traffic.sample();
        assertThat(traffic.get()).contains(Traffic.NONE);
    }

    @Test
    void aProcessThatHasEndedHasNoConnections() {
        migrating.add(1L + QEMU);
        traffic.sample();
        assertThat(traffic.get()).contains(Traffic.NONE);
    }

    private void after2Seconds() {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        traffic.sample();
    }

    /** As {@code ss -H -t -n -i -e -O} of iproute2 6.1 prints it. */
    private static String socket(int inode, long received, long acknowledged) {
        return ("0      0        10.0.0.1:40000       10.0.0.2:49152 uid:64055 ino:%d sk:1a cgroup:/ <-> ts sack cubic"
                        + " wscale:7,7 rto:204 mss:1448 cwnd:10 bytes_sent:%d bytes_retrans:9 bytes_acked:%d"
                        + " bytes_received:%d segs_out:8 send 579Mbps rcv_space:14480 minrtt:0.02\n")
                .formatted(inode, acknowledged + 9, acknowledged, received);
    }
}
