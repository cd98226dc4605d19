package io.github.godwit.lab.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.TestLabs;
import io.github.godwit.lab.net.NetworkState;
import io.github.godwit.lab.run.LabDown;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.profile.Hypervisor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A collection of a few real migrations, killed in the middle of a line and started again. */
@Timeout(300)
class CollectorIT {

    /** Short, so that a machine with steadily stolen CPU time does not delay the test. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration NO_LIMIT = Duration.ofDays(1);
    private static final int FIRST = 3;
    private static final int ALL = 6;

    @Test
    void continuesWhereItStopped(@TempDir Path directory) throws Exception {
        var name = TestLabs.named('c');
        new LabDown(name, new SystemCommands()).down();
        Path file = directory.resolve("rows.jsonl");
        Collector collector = new Collector(name, new SystemCommands(), PATIENCE, Hypervisor.QEMU, System.out::println);

        assertThat(collector.collect(FIRST, DesignRegion.SHORT, 7, 1, NO_LIMIT, file))
                .isZero();
        List<DatasetRow> before = rows(file);
        Files.writeString(file, "{\"id\":\"s7-vm-0000-a-", StandardOpenOption.APPEND);
        assertThat(collector.collect(ALL, DesignRegion.SHORT, 7, 1, NO_LIMIT, file))
                .isZero();

        List<DatasetRow> rows = rows(file);
        assertThat(rows).hasSize(ALL).startsWith(before.toArray(DatasetRow[]::new));
        assertThat(rows.stream().map(DatasetRow::id).distinct()).hasSize(ALL);
        for (DatasetRow row : rows) {
            assertThat(row.guestVerified()).isTrue();
            assertThat(row.family()).isEqualTo("IDLE");
            assertThat(row.versions()).containsKeys("qemu", "kernel", "godwit", "cpu");
            assertThat(row.outcome().measured())
                    .containsKeys(
                            Metric.TOTAL_TIME, Metric.TRANSFERRED_DATA, Metric.PERFORMANCE, Metric.CPU, Metric.MEMORY);
            assertThat(row.outcome().migrationCase().tuning().timeLimit()).isPositive();
        }
        assertThat(new NetworkState(new SystemCommands()).namespaces(name)).isEmpty();
    }

    @Test
    void noMigrationStartsAfterTheTimeLimit(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("rows.jsonl");
        Collector collector = new Collector(
                TestLabs.named('c'), new SystemCommands(), PATIENCE, Hypervisor.QEMU, System.out::println);

        assertThat(collector.collect(ALL, DesignRegion.SHORT, 7, 1, Duration.ZERO, file))
                .isZero();
        assertThat(rows(file)).isEmpty();
    }

    @Test
    void aFileWithOtherContentIsRefusedAndNotChanged(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("notes.txt");
        Files.writeString(file, "my notes\n");

        assertThatThrownBy(() -> new Collector(
                                TestLabs.named('c'), new SystemCommands(), PATIENCE, Hypervisor.QEMU, line -> {})
                        .collect(1, DesignRegion.SHORT, 1, 1, NO_LIMIT, file))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("Line 1");
        assertThat(file).hasContent("my notes\n");
    }

    private static List<DatasetRow> rows(Path file) throws Exception {
        List<DatasetRow> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            rows.add(WireJson.mapper().readValue(line, DatasetRow.class));
        }
        return rows;
    }
}
