package io.github.godwit.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.training.data.PublishedRows.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedRowsTest {

    private static final String HEADER = "capability,workload_type,VM_size,VM_pdr,VM_wss,VM_wse,VM_nwse,VM_mwpp,"
            + "VM_pmu_instr,VM_ptr,src_cpu_avail,dst_cpu_avail,src_mem_avail,dst_mem_avail,qemu_tt,qemu_dt,qemu_td,"
            + "performance,used_cpu_src,used_mem_src";

    @TempDir
    private Path directory;

    @Test
    void theShippedPostgresRunsAreMigrationsOfThreeTechniques() throws IOException {
        List<DatasetRow> rows =
                PublishedRows.read(Format.QEMU_POSTGRES, Path.of("data/qemu-postgres/evaluation_runs.csv"));

        assertThat(rows).hasSizeGreaterThan(30);
        assertThat(rows.stream().map(row -> row.outcome().technique()).distinct())
                .containsExactlyInAnyOrder(Technique.PRE_COPY, Technique.AUTO_CONVERGE, Technique.POST_COPY);
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.outcome().migrationCase().vm().memory().mebibytes()).isEqualTo(8192);
            assertThat(row.outcome().measured().get(Metric.TOTAL_TIME)).isBetween(1000.0, 400_000.0);
            assertThat(row.outcome().measured()).doesNotContainKeys(Metric.CPU, Metric.MEMORY);
        });
    }

    @Test
    void aSocc17RowByItsColumnsNames() throws IOException {
        Path file = directory.resolve("socc.csv");
        Files.writeString(
                file,
                HEADER
                        + "\n2,5,675.98,57.38,81.07,.576,.777,365.9,9.009e9,118,250,300,4000,4000,7728,251,783359,.7957,-28.76,67.55\n");

        DatasetRow row = PublishedRows.read(Format.SOCC17, file).get(0);

        assertThat(row.family()).isEqualTo("dacapo");
        assertThat(row.outcome().technique()).isEqualTo(Technique.XBZRLE);
        assertThat(row.outcome().measured())
                .containsEntry(Metric.TOTAL_TIME, 7728.0)
                .containsEntry(Metric.TRANSFERRED_DATA, 783.359)
                .containsEntry(Metric.CPU, -28.76);
        assertThat(row.outcome().migrationCase().source().cpuLoad())
                .isCloseTo(0.5 / 3, org.assertj.core.api.Assertions.within(1e-9));
    }

    @Test
    void aMissingColumnIsNamed() throws IOException {
        Path file = directory.resolve("other.csv");
        Files.writeString(file, "a,b\n1,2\n");

        assertThatThrownBy(() -> PublishedRows.read(Format.SOCC17, file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no column 'VM_size'");
    }
}
