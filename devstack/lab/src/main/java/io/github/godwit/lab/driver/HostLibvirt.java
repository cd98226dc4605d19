package io.github.godwit.lab.driver;

import java.nio.file.Path;

/**
 * The libvirt of one host of a lab.
 *
 * @param directory its files, below the host's directory
 * @param vms       the directory with a directory for each VM of the host
 */
public record HostLibvirt(Path directory, Path vms) {

    /** Where {@link #vms} is for libvirt and its QEMUs, on every host: source and destination of a migration need the same paths. */
    public static final Path GUESTS = Path.of("/var/lib/libvirt/guests");

    /**
     * The libvirt of a host.
     *
     * @param state the state directory of the host's driver
     */
    public static HostLibvirt of(Path state) {
        return new HostLibvirt(state.resolve("libvirt"), state.resolve("vms"));
    }

    /** Its URI, for programs on this machine in any namespace. */
    public String uri() {
        return "qemu+unix:///system?socket=" + socket();
    }

    /** Its socket. */
    public Path socket() {
        return directory.resolve("run-libvirt/libvirt-sock");
    }

    /** What it and the start of it have printed. */
    public Path log() {
        return directory.resolve("libvirtd.log");
    }

    /** The directory that it sees as {@code /etc/libvirt}. */
    public Path configuration() {
        return directory.resolve("etc-libvirt");
    }
}
