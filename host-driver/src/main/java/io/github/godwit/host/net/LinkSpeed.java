package io.github.godwit.host.net;

import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rate of a NIC's link, from sysfs (Documentation/ABI/testing/sysfs-class-net in Linux) or from the operator.
 *
 * <ul>
 *   <li>A NIC of hardware has the rate that its driver reports; a virtio NIC usually reports none.
 *   <li>A bond has the sum of its active NICs, or in the modes active-backup and broadcast the rate of one of them.
 *   <li>A team has the sum of its NICs that are up, as its own driver reports.
 *   <li>A VLAN, macvlan or similar has the rate of the device below it.
 *   <li>A bridge has the rate of its slowest network port; taps and veths do not count.
 *   <li>Everything else is unknown: a veth reports 10 Gbit/s and a tap 10 Mbit/s, which means nothing.
 * </ul>
 *
 * @param sysfs the mount point of sysfs, {@code /sys}
 * @param nic   the NIC
 * @param given the rate that the operator gave, which overrides the one of sysfs
 */
public record LinkSpeed(Path sysfs, String nic, Optional<Bandwidth> given) {

    private static final int MOST_LEVELS = 8;
    private static final long UNKNOWN_16_BITS = 65_535;
    private static final long UNKNOWN_32_BITS = 4_294_967_295L;

    /** The rate of the link: the operator's, or else the one that is read; empty if nothing is known. */
    public Optional<Bandwidth> rate() {
        return given.or(this::read);
    }

    /** What the link can carry at most: the larger of the operator's rate and the one that is read. */
    Optional<Bandwidth> most() {
        Optional<Bandwidth> read = read();
        return given.isPresent() && read.isPresent() && read.get().compareTo(given.get()) > 0 ? read : rate();
    }

    /** The rate according to sysfs; read at each call, because a link may come up or change its rate. */
    public Optional<Bandwidth> read() {
        return of(nic, 0).map(megabits -> Bandwidth.ofMegabits(megabits));
    }

    private Optional<Long> of(String name, int level) {
        Path device = sysfs.resolve("class/net").resolve(name);
        if (level > MOST_LEVELS) {
            return Optional.empty();
        }
        if (Files.isDirectory(device.resolve("bonding"))) {
            return bond(device, level);
        }
        if (Files.isDirectory(device.resolve("brif"))) {
            return slowest(names(device.resolve("brif"), ""), level);
        }
        if (Files.exists(device.resolve("device"))) {
            return reported(device);
        }
        List<String> below = names(device, "lower_");
        return below.size() == 1 ? of(below.get(0), level + 1) : sum(up(below), level);
    }

    private Optional<Long> bond(Path device, int level) {
        String mode = text(device.resolve("bonding/mode"));
        List<String> nics = words(text(device.resolve("bonding/slaves")));
        if (mode.startsWith("active-backup")) {
            String active = text(device.resolve("bonding/active_slave"));
            return active.isEmpty() ? slowest(up(nics), level) : of(active, level + 1);
        }
        return mode.startsWith("broadcast") ? slowest(up(nics), level) : sum(up(nics), level);
    }

    private List<String> up(List<String> nics) {
        return nics.stream()
                .filter(nic -> !text(sysfs.resolve("class/net").resolve(nic).resolve("operstate"))
                        .equals("down"))
                .toList();
    }

    /** The sum; unknown if one of them is. */
    private Optional<Long> sum(List<String> nics, int level) {
        long sum = 0;
        for (String each : nics) {
            Optional<Long> rate = of(each, level + 1);
            if (rate.isEmpty()) {
                return Optional.empty();
            }
            sum += rate.get();
        }
        return sum == 0 ? Optional.empty() : Optional.of(sum);
    }

    private Optional<Long> slowest(List<String> nics, int level) {
        return nics.stream().flatMap(each -> of(each, level + 1).stream()).min(Long::compare);
    }

    /** In Mbit/s; -1 and the largest numbers of 16 and 32 bits mean that the driver does not know it, or that the link is down. */
    private static Optional<Long> reported(Path device) {
        try {
            long rate = Long.parseLong(text(device.resolve("speed")));
            return rate <= 0 || rate == UNKNOWN_16_BITS || rate >= UNKNOWN_32_BITS
                    ? Optional.empty()
                    : Optional.of(rate);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static List<String> names(Path directory, String prefix) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (name.startsWith(prefix)) {
                    names.add(name.substring(prefix.length()));
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        return names.stream().sorted().toList();
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("\\s+", -1));
    }

    /** The text of a file; empty if it cannot be read, as the kernel answers for the speed of a link that is down. */
    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
