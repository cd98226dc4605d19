package io.github.godwit.host.vm;

import io.github.godwit.common.ProcessIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * Finds the QEMU process of a domain by its command line, in which libvirt writes {@code -uuid UUID}. Unlike the monitor, this needs no
 * job on the domain, so that it works for a domain that arrives, and does not mark it as tainted.
 *
 * @param proc the mount point of procfs, {@code /proc}
 */
public record QemuProcesses(Path proc) {

    /**
     * The process; empty if there is none, or if its command line cannot be read. One in another network namespace than this program is not
     * meant: it is that of another host on this machine, from which or to which the domain migrates. Of several, the one that started last.
     */
    public Optional<ProcessIdentity> find(String uuid) {
        String option = "\0-uuid\0" + uuid + "\0";
        Optional<Path> own = network(proc.resolve("self"));
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            return StreamSupport.stream(processes.spliterator(), false)
                    .filter(process -> commandLine(process).contains(option)
                            && network(process).or(() -> own).equals(own))
                    .map(process -> Long.parseLong(process.getFileName().toString()))
                    .flatMap(pid -> ProcessIdentity.of(pid).stream())
                    .max(Comparator.comparingLong(ProcessIdentity::startTicks));
        } catch (IOException | DirectoryIteratorException e) {
            return Optional.empty();
        }
    }

    /** The network namespace of a process; empty if it cannot be read. */
    private static Optional<Path> network(Path process) {
        try {
            return Optional.of(Files.readSymbolicLink(process.resolve("ns/net")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String commandLine(Path process) {
        try {
            return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
