package io.github.godwit.host.net;

import io.github.godwit.host.nic.Carriers;
import io.github.godwit.host.nic.NetDevices;
import io.github.godwit.model.unit.Bandwidth;
import java.nio.file.Path;
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
        return new Reading(new NetDevices(sysfs)).of(nic, 0).map(megabits -> Bandwidth.ofMegabits(megabits));
    }

    /** Reads rates, in Mbit/s. */
    private record Reading(NetDevices devices) {

        Optional<Long> of(String name, int level) {
            if (level > Carriers.MOST_LEVELS) {
                return Optional.empty();
            }
            return slowest(new Carriers(devices)
                    .of(name).stream()
                            .flatMap(carrier -> carrier(carrier, level).stream())
                            .toList());
        }

        private Optional<Long> carrier(String name, int level) {
            return switch (devices.kind(name)) {
                case HARDWARE -> reported(name);
                case BOND -> bond(name, level);
                // A team; what has one device below it and yet carries itself is part of a ring.
                case STACKED ->
                    devices.lower(name).size() == 1 ? Optional.empty() : sum(up(devices.lower(name)), level);
                default -> Optional.empty();
            };
        }

        private Optional<Long> bond(String name, int level) {
            String mode = devices.attribute(name, "bonding/mode");
            List<String> nics = up(devices.members(name));
            if (mode.startsWith("active-backup")) {
                String active = devices.attribute(name, "bonding/active_slave");
                return active.isEmpty() ? slowest(known(nics, level)) : of(active, level + 1);
            }
            return mode.startsWith("broadcast") ? slowest(known(nics, level)) : sum(nics, level);
        }

        private List<String> up(List<String> nics) {
            return nics.stream().filter(nic -> !devices.isDown(nic)).toList();
        }

        /** The sum; unknown if one of them is. */
        private Optional<Long> sum(List<String> nics, int level) {
            List<Long> rates = known(nics, level);
            return nics.isEmpty() || rates.size() < nics.size()
                    ? Optional.empty()
                    : Optional.of(rates.stream().mapToLong(Long::longValue).sum());
        }

        private List<Long> known(List<String> nics, int level) {
            return nics.stream().flatMap(each -> of(each, level + 1).stream()).toList();
        }

        private static Optional<Long> slowest(List<Long> rates) {
            return rates.stream().min(Long::compare);
        }

        /** -1 and the largest numbers of 16 and 32 bits mean that the driver does not know it, or that the link is down. */
        private Optional<Long> reported(String name) {
            try {
                long rate = Long.parseLong(devices.attribute(name, "speed"));
                return rate <= 0 || rate == UNKNOWN_16_BITS || rate >= UNKNOWN_32_BITS
                        ? Optional.empty()
                        : Optional.of(rate);
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }
    }
}
