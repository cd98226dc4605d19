package io.github.godwit.lab.net;

import java.net.URI;
import java.util.List;

/**
 * A host of the lab.
 *
 * @param name      its name, {@code h1} and so on
 * @param namespace its network namespace
 * @param address   its IPv4 address, for migrations and for its agent
 * @param agent     base URL of its host driver
 * @param cpus      the machine's CPUs that are this host's, as {@code taskset -c} takes them
 */
public record LabHost(String name, String namespace, String address, URI agent, String cpus) {

    /** How a program is started on this host: in its namespace, on its CPUs, in a session of its own. */
    public List<String> launcher() {
        return List.of("ip", "netns", "exec", namespace, "taskset", "--cpu-list", cpus, "setsid");
    }
}
