package io.github.godwit.lab.run;

import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.LabName;
import io.github.godwit.lab.net.NetworkState;
import io.github.godwit.lab.system.CommandRunner;
import io.github.godwit.lab.system.ProcessEnder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Takes a lab down by what there is of it, not by what was recorded: its namespaces, the processes in them, its one
 * interface outside, its directory. So it works after a crash, and twice. Only its service, which is in no namespace of its
 * own, is found by a record.
 */
public final class LabDown {

    private static final Duration GRACE = Duration.ofSeconds(3);

    private final LabName name;
    private final CommandRunner commands;

    /**
     * @param name     the lab
     * @param commands runs {@code ip}
     */
    public LabDown(LabName name, CommandRunner commands) {
        this.name = name;
        this.commands = commands;
    }

    /**
     * Takes it down.
     *
     * @return whether there was anything
     */
    public boolean down() {
        NetworkState state = new NetworkState(commands);
        List<String> namespaces = state.namespaces(name);
        boolean found = !namespaces.isEmpty() || Files.exists(name.stateDirectory());
        List<ProcessIdentity> processes = namespaces.stream()
                .flatMap(namespace -> state.processes(namespace).stream())
                .toList();
        LabService.end(name);
        new ProcessEnder().end(processes, GRACE);
        if (state.hasManagementInterface(name)) {
            commands.run("ip", "link", "del", name.managementInterface());
            found = true;
        }
        namespaces.forEach(namespace -> commands.run("ip", "netns", "del", namespace));
        delete(name.stateDirectory());
        return found;
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(LabDown::deleteOne);
        } catch (IOException | UncheckedIOException e) {
            throw new LabException("%s cannot be deleted: %s".formatted(directory, e.getMessage()), e);
        }
    }

    private static void deleteOne(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
