package io.github.godwit.lab.cli;

import io.github.godwit.lab.LabName;
import io.github.godwit.lab.experiment.ExperimentPlots;
import io.github.godwit.lab.experiment.ExperimentTables;
import io.github.godwit.lab.experiment.Setting;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.unit.Bandwidth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** What all experiments have in common. */
final class ExperimentOptions {

    @Option(
            names = "--lab",
            defaultValue = "experiment",
            description = "Name of the lab that is created and removed (default: ${DEFAULT-VALUE}).")
    private LabName lab;

    @Option(
            names = "--link",
            defaultValue = "200mbit",
            description = "Rate of each host's link (default: ${DEFAULT-VALUE}).")
    private Bandwidth link;

    @Option(
            names = "--cores",
            defaultValue = "1",
            description = "CPU cores of each host, which hosts share where the machine has too few "
                    + "(default: ${DEFAULT-VALUE}).")
    private int cores;

    @Option(names = "--json", required = true, paramLabel = "FILE", description = "File with the results.")
    private Path file;

    @Option(
            names = "--minutes",
            description = "Begin no run after this many minutes; the next start continues (default: no limit).")
    private Integer minutes;

    @Option(names = "--plots", paramLabel = "DIR", description = "Directory that gets SVG pictures of the results.")
    private Path plots;

    Setting setting(Output output) {
        if (cores < 1) {
            throw new IllegalArgumentException("The number of cores (%d) must be positive.".formatted(cores));
        }
        return new Setting(lab, link, cores, limit(), file, new SystemCommands(), output::say);
    }

    int end(Output output, boolean complete) {
        return end(output, complete, List.of(file));
    }

    int end(Output output, boolean complete, List<Path> files) {
        for (Path each : files) {
            ExperimentTables.of(each).ifPresent(table -> {
                if (files.size() > 1) {
                    output.print("%s:".formatted(each));
                }
                output.print(table);
            });
        }
        if (plots != null) {
            ExperimentPlots.write(files, plots).forEach(picture -> output.say("Picture: %s".formatted(picture)));
        }
        String names = files.stream().map(Path::toString).collect(Collectors.joining(", "));
        output.say(
                complete
                        ? "All runs are in %s.".formatted(names)
                        : "The time is over. Run the command again to continue; the results so far are in %s."
                                .formatted(names));
        return complete ? 0 : 1;
    }

    private Duration limit() {
        if (minutes != null && minutes < 1) {
            throw new IllegalArgumentException("The number of minutes (%d) must be positive.".formatted(minutes));
        }
        return minutes == null ? Duration.ofDays(365) : Duration.ofMinutes(minutes);
    }

    /**
     * Checks a number.
     *
     * @throws IllegalArgumentException when it is out of its range
     */
    static void range(String what, int value, int low, int high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException(
                    "The number of %s (%d) must be from %d to %d.".formatted(what, value, low, high));
        }
    }
}
