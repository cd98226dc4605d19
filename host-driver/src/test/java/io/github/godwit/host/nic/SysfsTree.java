package io.github.godwit.host.nic;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Network devices as sysfs shows them.
 *
 * @param sysfs directory for the tree
 */
public record SysfsTree(Path sysfs) {

    /** The devices of this tree. */
    public NetDevices devices() {
        return new NetDevices(sysfs);
    }

    /** A NIC of hardware. */
    public SysfsTree hardware(String name, String speed) throws IOException {
        Files.createDirectories(device(name).resolve("device"));
        return file(name, "operstate", "up").file(name, "speed", speed);
    }

    /** A bond of NICs. */
    public SysfsTree bond(String name, String mode, String... nics) throws IOException {
        return file(name, "bonding/mode", mode)
                .file(name, "bonding/slaves", String.join(" ", nics))
                .over(name, nics);
    }

    /** A bridge with ports. */
    public SysfsTree bridge(String name, String... ports) throws IOException {
        Files.createDirectories(device(name).resolve("brif"));
        for (String port : ports) {
            Files.createDirectories(device(name).resolve("brif").resolve(port));
        }
        return over(name, ports);
    }

    /** A device on top of others, such as a VLAN. */
    public SysfsTree over(String name, String... lower) throws IOException {
        for (String each : lower) {
            Files.createDirectories(device(name).resolve("lower_" + each));
        }
        return this;
    }

    /** A tap. */
    public SysfsTree tap(String name) throws IOException {
        return file(name, "tun_flags", "0x1002");
    }

    /** A device of which sysfs tells nothing, such as a veth. */
    public SysfsTree other(String name) throws IOException {
        return file(name, "type", "1");
    }

    /** A file of a device. */
    public SysfsTree file(String name, String path, String text) throws IOException {
        Path file = device(name).resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
        return this;
    }

    private Path device(String name) {
        return sysfs.resolve("class/net").resolve(name);
    }
}
