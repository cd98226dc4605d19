package io.github.godwit.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** A wrong command line exits with code 2 and one sentence before anything is changed. The lab named here is never up. */
class BadInputTest {

    private final StringWriter errors = new StringWriter();
    private final StringWriter out = new StringWriter();

    private int lab(String line) {
        CommandLine program = LabProgram.commandLine();
        program.setErr(new PrintWriter(errors));
        program.setOut(new PrintWriter(out));
        return program.execute(line.split(" ", -1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "up --link fast | 'fast' is not a bandwidth",
                "up --subnet 10.1.2 | '10.1.2' is not an IPv4 subnet",
                "up --lab Big-Lab | 'Big-Lab' is not a lab name",
                "up --hosts many | many",
                "vm start v --host h1 --memory -5M | '-5M' is not a memory size",
                "vm start v --host h1 --pattern zigzag | There is no pattern 'zigzag'",
                "vm start v | --host",
                "vm start v --host h1 --guest windows | windows",
                "vm start v --host h1 --guest linux --workload mail | There is no workload 'mail'",
                "vm | start, list, set, verify or stop",
                "vm set v | KEY=VALUE",
                "traffic h1 sideways 5mbit | sideways",
                "traffic h1 out lots | 'lots' is not a bandwidth",
                "migrate v --to h2 --technique TELEPORT | There is no technique 'TELEPORT'",
                "migrate v --to h2 --technique PRE --policy ensure_performance | mutually exclusive",
                "migrate v | --to",
                "collect | --out",
                "experiment | drain, order, reservation, priority, recovery, scatter, scatter-faults or scatter-memory",
                "experiment drain | --json",
                "experiment drain --vms 0 --json /tmp/x | The number of VMs (0) must be from 1 to 16",
                "experiment priority --json /tmp/x --times 0 | The number of times (0) must be from 1 to 100",
                "experiment order --json /nosuchdirectory/x | Choose a directory that exists",
                "unheard | unheard"
            })
    void isRefusedWithTheReason(String line, String reason) {
        assertThat(lab(line)).as(line).isEqualTo(2);
        assertThat(errors.toString()).contains(reason);
    }

    @ParameterizedTest
    @CsvSource({"status", "vm list", "vm verify v", "client v", "migrate v --to h2", "traffic h1 off"})
    void aLabThatIsNotUpIsReportedWithWhatToDo(String line) {
        assertThat(lab(line + " --lab neverup")).isEqualTo(1);
        assertThat(errors.toString()).contains("The lab is not up", "lab up").doesNotContain("Exception");
    }

    @Test
    void everyCommandHasHelp() {
        CommandLine program = LabProgram.commandLine();
        program.getSubcommands()
                .keySet()
                .forEach(name -> assertThat(lab(name + " --help")).as(name).isZero());
    }

    @ParameterizedTest
    @ValueSource(strings = {"drain", "order", "reservation", "priority"})
    void everyExperimentHasAnExample(String experiment) {
        assertThat(lab("experiment %s --help".formatted(experiment))).isZero();
        assertThat(out.toString()).contains("  lab experiment %s ".formatted(experiment));
    }
}
