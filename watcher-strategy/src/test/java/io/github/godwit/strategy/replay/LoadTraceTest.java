package io.github.godwit.strategy.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadTraceTest {

    private static final String HEAD = "# a comment\nstep_seconds,43200\nvm,cores,memory_mib,cpu_percent\n";

    @TempDir
    private Path folder;

    private LoadTrace read(String text) throws IOException {
        return LoadTrace.read(Files.writeString(folder.resolve("load.csv"), text));
    }

    @Test
    void aLineIsAVmWithItsUseInEachStep() throws IOException {
        LoadTrace trace = read(HEAD + "db,4,8192,12.5,,120\nweb,1,512,100,50,0\n");
        assertThat(trace.step()).isEqualTo(Duration.ofHours(12));
        assertThat(trace.steps()).isEqualTo(3);
        assertThat(trace.stepsPerDay()).isEqualTo(2);
        VmLoad db = trace.vms().get(0);
        assertThat(db.use(0)).isCloseTo(0.5, within(1e-6));
        assertThat(db.runs(1)).isFalse();
        assertThat(db.use(1)).isZero();
        assertThat(db.use(2)).isEqualTo(4); // a VM cannot use more than its cores
        // 1.5, 0.5 and 4 cores
        assertThat(trace.use()[0]).isCloseTo(2, within(1e-6));
        assertThat(trace.use()[1]).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "db,4,8192 | line 4: Write name, cores, MiB of memory, and a value for each step.",
                "db,4,8192,x | line 4: For input string",
                "db,4,8192,-1 | line 4: The use -1 must not be negative.",
                "db,0,8192,1 | line 4: VM 'db' needs a name, at least one core (0)",
                "db,1,1,1;db,1,1,1 | There are two VMs 'db' in the trace.",
                "db,1,1,1;web,1,1,1,2 | VM 'web' has 2 values, but VM 'db' has 1.",
                "# nothing | A trace needs at least one VM",
            })
    void aMistakeIsToldWithItsLine(String lines, String message) {
        assertThatThrownBy(() -> read(HEAD + lines.replace(';', '\n')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(folder.toString())
                .hasMessageContaining(message);
    }

    @Test
    void theLengthOfAStepIsNeeded() {
        assertThatThrownBy(() -> read("db,1,1,1")).hasMessageContaining("has no line 'step_seconds,300'");
    }

    @Test
    void daysAreCutOut() throws IOException {
        LoadTrace trace = read(HEAD + "db,1,512,1,2,3,4,5\n");
        assertThat(trace.days(2, 1).vms().get(0).use(0)).isCloseTo(0.03, within(1e-6));
        assertThat(trace.days(2, 1).steps()).isEqualTo(2);
        assertThat(trace.days(3, 9).steps()).isEqualTo(1);
        assertThatThrownBy(() -> trace.days(4, 1)).hasMessage("The trace has 2.5 days; 1 from day 4 on are not in it.");
    }

    @Test
    void drawnVmsAreLikeThoseOfTheTraceAtTheSameTimeOfDay() throws IOException {
        LoadTrace trace = read(HEAD + "db,4,8192,0,40,0,40\nweb,2,1024,0,40,0,40\n");
        LoadTrace drawn = trace.drawn(30, 7);
        assertThat(drawn.vms())
                .hasSize(30)
                .extracting(VmLoad::name)
                .startsWith("vm0001")
                .doesNotHaveDuplicates();
        for (VmLoad vm : drawn.vms()) {
            assertThat(vm.use(0)).isZero();
            assertThat(vm.use(1) / vm.cores()).isBetween(0.3, 0.5);
        }
        assertThat(drawn.vms()).extracting(VmLoad::cores).contains(2, 4);
        assertThat(trace.drawn(30, 7).use()).isEqualTo(drawn.use());
        assertThat(trace.drawn(30, 8).use()).isNotEqualTo(drawn.use());
    }

    @Test
    void theShippedTraceHasThirtyDaysOfFiftyVms() throws IOException {
        LoadTrace trace = LoadTrace.read(Path.of("data/bitbrains/bitbrains-50.csv.gz"));
        assertThat(trace.vms()).hasSize(50);
        assertThat(trace.steps() / trace.stepsPerDay()).isEqualTo(30);
        assertThat(trace.use()[0]).isBetween(25.0, 35.0);
    }
}
