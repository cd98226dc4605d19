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
 * Takes a lab down by what exists of it, without a record: its namespaces, the processes in them, its management interface and
 * its directory. So it works after a crash and can be repeated. Only the service, which runs in the root namespace, is found by
 * a record.
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
     * Ends the processes, then deletes the network and the files.
     *
     * @return whether any part of the lab existed
     * @throws LabException when a part cannot be removed
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
