package io.github.godwit.host.nic;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The network devices of this network namespace, from sysfs (Documentation/ABI/testing/sysfs-class-net in Linux). Everything is read at
 * each call, because devices come and go.
 *
 * @param sysfs the mount point of sysfs, {@code /sys}
 */
public record NetDevices(Path sysfs) {

    /** What a device is, as far as its traffic is concerned. */
    public enum Kind {
        /** A NIC of hardware, or one that a hypervisor emulates. */
        HARDWARE,
        /** Several NICs as one ({@code bonding}). */
        BOND,
        /** Connects its ports like a switch. */
        BRIDGE,
        /** A tap, which belongs to a VM. */
        TAP,
        /** Traffic within this host. */
        LOOPBACK,
        /** A VLAN, macvlan, team or other device on top of others. */
        STACKED,
        /** A veth, a port of Open vSwitch, a tunnel, or no device at all. */
        OTHER
    }

    /** {@code ARPHRD_LOOPBACK}. */
    private static final String LOOPBACK_TYPE = "772";

    /** The directory of all devices. */
    public Path directory() {
        return sysfs.resolve("class/net");
    }

    /** What a device is; {@link Kind#OTHER} if there is none of this name. */
    public Kind kind(String name) {
        Path device = device(name);
        if (Files.isDirectory(device.resolve("bonding"))) {
            return Kind.BOND;
        }
        if (Files.isDirectory(device.resolve("brif"))) {
            return Kind.BRIDGE;
        }
        if (Files.exists(device.resolve("tun_flags"))) {
            return Kind.TAP;
        }
        if (Files.exists(device.resolve("device"))) {
            return Kind.HARDWARE;
        }
        if (attribute(name, "type").equals(LOOPBACK_TYPE)) {
            return Kind.LOOPBACK;
        }
        return lower(name).isEmpty() ? Kind.OTHER : Kind.STACKED;
    }

    /** Whether a device belongs to a VM whose traffic it shows with the directions of the VM, not those of the host: a macvtap or ipvtap. */
    public boolean hasDirectionsOfVm(String name) {
        Path device = device(name);
        return Files.isDirectory(device.resolve("macvtap")) || Files.isDirectory(device.resolve("ipvtap"));
    }

    /** Whether a device is a virtual function of a NIC (SR-IOV). */
    public boolean isVirtualFunction(String name) {
        return Files.exists(device(name).resolve("device/physfn"));
    }

    /** The devices directly below one, by name. */
    public List<String> lower(String name) {
        return names(device(name), "lower_");
    }

    /** The ports of a bridge, by name. */
    public List<String> ports(String bridge) {
        return names(device(bridge).resolve("brif"), "");
    }

    /** The NICs of a bond, in the order in which they were added. */
    public List<String> members(String bond) {
        String text = attribute(bond, "bonding/slaves");
        return text.isEmpty() ? List.of() : List.of(text.split("\\s+", -1));
    }

    /** Whether a device is down. */
    public boolean isDown(String name) {
        return attribute(name, "operstate").equals("down");
    }

    /**
     * An attribute of a device; empty if it cannot be read, as the kernel answers for the speed of a link that is down.
     *
     * @param path its file below the device's directory
     */
    public String attribute(String name, String path) {
        try {
            return Files.readString(device(name).resolve(path)).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** The names of all devices. */
    public List<String> all() {
        return names(directory(), "");
    }

    private Path device(String name) {
        return directory().resolve(name);
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
}
