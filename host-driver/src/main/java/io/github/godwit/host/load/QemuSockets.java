package io.github.godwit.host.load;

import io.github.godwit.host.nic.NetworkTracker.Counters;
import io.github.godwit.host.nic.Program;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes of the TCP connections of QEMU processes: which they are, from {@code /proc/PID/fd}; what they have carried, from {@code ss -tie}
 * of iproute2. It counts payload, without headers.
 *
 * @param proc the mount point of procfs, {@code /proc}
 * @param ss   runs {@code ss}
 */
public record QemuSockets(Path proc, Program ss) {

    private static final Logger LOG = LoggerFactory.getLogger(QemuSockets.class);
    private static final List<String> CONNECTIONS =
            List.of("ss", "-H", "-t", "-n", "-i", "-e", "-O", "state", "established");
    private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)\\]");
    private static final Pattern INODE = Pattern.compile("\\bino:(\\d+)");
    private static final Pattern RECEIVED = Pattern.compile("\\bbytes_received:(\\d+)");
    private static final Pattern ACKNOWLEDGED = Pattern.compile("\\bbytes_acked:(\\d+)");

    /**
     * What each connection of some processes has carried since it was made, by the inode of its socket.
     *
     * @throws IOException if {@code ss} fails, or if a process may not be read
     */
    Map<Long, Counters> of(Collection<Long> pids) throws IOException {
        if (pids.isEmpty()) {
            return Map.of();
        }
        Map<Long, Counters> all = parse(ss.run(CONNECTIONS));
        all.keySet().retainAll(sockets(pids));
        return all;
    }

    private Set<Long> sockets(Collection<Long> pids) throws IOException {
        Set<Long> inodes = new HashSet<>();
        for (long pid : pids) {
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(proc.resolve(Long.toString(pid)).resolve("fd"))) {
                for (Path file : files) {
                    Matcher socket = SOCKET.matcher(target(file));
                    if (socket.matches()) {
                        inodes.add(Long.parseLong(socket.group(1)));
                    }
                }
            } catch (NoSuchFileException e) {
                LOG.debug("Process {} has ended", pid, e);
            }
        }
        return inodes;
    }

    private static String target(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException e) {
            return "";
        }
    }

    static Map<Long, Counters> parse(String lines) {
        Map<Long, Counters> found = new HashMap<>();
        lines.lines().forEach(line -> {
            long inode = number(INODE, line);
            if (inode != 0) {
                found.put(inode, new Counters(number(RECEIVED, line), number(ACKNOWLEDGED, line)));
            }
        });
        return found;
    }

    private static long number(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }
}
