package io.github.godwit.host.nova.reserve;

import io.github.godwit.host.net.PortRange;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the port of the destination to which a QEMU sends its VM, from {@code /proc/PID/net/tcp} and the process's file descriptors. libvirt
 * opens the connection and hands it over to QEMU.
 */
public final class ConnectedPort implements Supplier<OptionalInt> {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectedPort.class);
    private static final String ESTABLISHED = "01";
    private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");
    private static final String MAPPED = "0000000000000000FFFF0000";
    private static final int WORD_BYTES = 4;
    private static final int REMOTE = 2;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final int HEX = 16;

    /** A port that was found is looked for again now and then, since Nova may begin again with its own flags. */
    private static final int CALLS_PER_LOOK = 10;

    private final Path process;
    private final String address;
    private final List<PortRange> ranges;
    private OptionalInt found = OptionalInt.empty();
    private int calls;

    /**
     * Looks for one migration.
     *
     * @param proc    the mount point of procfs
     * @param pid     id of QEMU's process
     * @param address IP address of the destination
     * @param ranges  the ports that a migration may go to
     */
    ConnectedPort(Path proc, long pid, String address, List<PortRange> ranges) {
        this.process = proc.resolve(Long.toString(pid));
        this.address = address;
        this.ranges = ranges;
    }

    /** Looks for one migration on this machine, to ports of which libvirt chooses one. */
    public static ConnectedPort of(long pid, String address, PortRange ports) {
        return new ConnectedPort(Path.of("/proc"), pid, address, List.of(ports));
    }

    /** The port; empty if QEMU is not connected yet, or to several ports, as it is when it copies disks too. */
    @Override
    public OptionalInt get() {
        if (calls++ % CALLS_PER_LOOK != 0 && found.isPresent()) {
            return found;
        }
        try {
            Set<Integer> ports = ports();
            found = ports.size() == 1 ? OptionalInt.of(ports.iterator().next()) : OptionalInt.empty();
        } catch (IOException e) {
            LOG.debug("Cannot read the connections of {}", process, e);
            found = OptionalInt.empty();
        }
        return found;
    }

    private Set<Integer> ports() throws IOException {
        Set<String> inodes = inodes();
        InetAddress remote = InetAddress.getByName(address);
        Set<Integer> ports = new TreeSet<>();
        for (String table : List.of("net/tcp", "net/tcp6")) {
            Path file = process.resolve(table);
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    String[] words = line.strip().split("\\s+", -1);
                    if (words.length > INODE
                            && words[STATE].equals(ESTABLISHED)
                            && inodes.contains(words[INODE])
                            && isOf(words[REMOTE], remote)) {
                        ports.add(port(words[REMOTE]));
                    }
                }
            }
        }
        ports.removeIf(port -> ranges.stream().noneMatch(range -> port >= range.first() && port <= range.last()));
        return ports;
    }

    private Set<String> inodes() throws IOException {
        Set<String> inodes = new HashSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path each : descriptors) {
                socket(each).ifPresent(inodes::add);
            }
        }
        return inodes;
    }

    /** The inode of a descriptor that is a socket. */
    private static Optional<String> socket(Path descriptor) {
        try {
            Matcher socket = SOCKET.matcher(Files.readSymbolicLink(descriptor).toString());
            return socket.matches() ? Optional.of(socket.group(1)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether an address and port of the kernel's table is one of a host. */
    static boolean isOf(String entry, InetAddress host) {
        String text = entry.substring(0, entry.indexOf(':'));
        String wanted = hex(host.getAddress());
        return text.equals(wanted) || (host instanceof Inet4Address && text.equals(MAPPED + wanted));
    }

    private static int port(String entry) {
        return Integer.parseInt(entry.substring(entry.indexOf(':') + 1), HEX);
    }

    /** The kernel prints words of 32 bits of an address in the byte order of the machine. */
    private static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int word = 0; word < bytes.length; word += WORD_BYTES) {
            for (int i = WORD_BYTES - 1; i >= 0; i--) {
                text.append(String.format(Locale.ROOT, "%02X", bytes[word + i]));
            }
        }
        return text.toString();
    }
}
