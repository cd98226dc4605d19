package io.github.godwit.lab.experiment;

import io.github.godwit.lab.LabName;
import io.github.godwit.lab.system.CommandRunner;
import io.github.godwit.model.unit.Bandwidth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What all experiments have in common.
 *
 * @param lab      the lab that is created and removed
 * @param link     rate of each host's link
 * @param cores    CPU cores of each host
 * @param limit    no run begins after this time
 * @param file     the results; runs that it has are not repeated
 * @param commands runs {@code ip} and {@code tc}
 * @param progress receives progress messages for people
 */
public record Setting(
        LabName lab,
        Bandwidth link,
        int cores,
        Duration limit,
        Path file,
        CommandRunner commands,
        Consumer<String> progress) {

    /** The same with other results, and another time. */
    public Setting with(Path results, Duration time) {
        return new Setting(lab, link, cores, time, results, commands, progress);
    }
}
