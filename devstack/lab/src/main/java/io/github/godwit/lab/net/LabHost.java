package io.github.godwit.lab.net;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.util.List;

/**
 * A host of the lab.
 *
 * @param name       its name, {@code h1} and so on
 * @param namespace  its network namespace
 * @param address    its IPv4 address, for migrations and for its host driver
 * @param hostDriver base URL of its host driver; {@code agent} in {@code lab.json}
 * @param cpus       the CPUs of the machine that are assigned to the host, in the form of {@code taskset --cpu-list}
 * @param qemu       the program that runs its VMs, a name on the PATH or a path; null in the record of an older lab, which is {@link #QEMU}
 */
public record LabHost(
        String name,
        String namespace,
        String address,
        @JsonProperty("agent") URI hostDriver,
        String cpus,
        String qemu) {

    /** The machine's own QEMU. */
    public static final String QEMU = "qemu-system-x86_64";

    /** A host, by default of the machine's own QEMU. */
    public LabHost {
        qemu = qemu == null ? QEMU : qemu;
    }

    /** The command prefix that runs a program on this host: in its namespace, on its CPUs, in a new session. */
    public List<String> launcher() {
        return List.of("ip", "netns", "exec", namespace, "taskset", "--cpu-list", cpus, "setsid");
    }
}
