package io.github.godwit.lab.run;

import io.github.godwit.lab.net.LabHost;
import io.github.godwit.model.profile.Hypervisor;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What runs the VMs of a lab's hosts.
 *
 * @param hypervisor QEMU, which the host drivers start, or libvirt
 * @param programs   QEMU's program of hosts by name; that of the name {@link #OTHERS} is for all other hosts. Hosts without one run the
 *                   machine's own QEMU
 */
public record HostVms(Hypervisor hypervisor, Map<String, String> programs) {

    /** Name for all hosts that are not named. */
    public static final String OTHERS = "";

    /**
     * @throws IllegalArgumentException when a program is given for libvirt, which finds the machine's QEMU itself
     */
    public HostVms {
        programs = Map.copyOf(programs);
        if (hypervisor == Hypervisor.LIBVIRT && !programs.isEmpty()) {
            throw new IllegalArgumentException(
                    "Hosts with libvirt run the machine's own QEMU. Leave --qemu out, or choose --hypervisor qemu.");
        }
    }

    /** The machine's own QEMU under a hypervisor. */
    public static HostVms of(Hypervisor hypervisor) {
        return new HostVms(hypervisor, Map.of());
    }

    /**
     * As {@code lab up} has it.
     *
     * @param programs each {@code PROGRAM}, for all hosts, or {@code HOST=PROGRAM}
     * @throws IllegalArgumentException when a host has two programs
     */
    public static HostVms parse(Hypervisor hypervisor, List<String> programs) {
        Map<String, String> byHost = new HashMap<>();
        for (String given : programs) {
            int equals = given.indexOf('=');
            String host = equals < 0 ? OTHERS : given.substring(0, equals);
            if (byHost.put(host, given.substring(equals + 1)) != null) {
                throw new IllegalArgumentException(
                        "--qemu names two programs for %s. Name one.".formatted(host.isEmpty() ? "all hosts" : host));
            }
        }
        return new HostVms(hypervisor, byHost);
    }

    /** QEMU's program of a host. */
    String qemu(String host) {
        return programs.getOrDefault(host, programs.getOrDefault(OTHERS, LabHost.QEMU));
    }

    /**
     * @throws IllegalArgumentException when a program is for a host that is not among these
     */
    void check(Collection<String> hosts) {
        for (String named : programs.keySet()) {
            if (!named.isEmpty() && !hosts.contains(named)) {
                throw new IllegalArgumentException(
                        "--qemu names host '%s', which the lab does not have. Choose one of %s."
                                .formatted(named, String.join(", ", hosts)));
            }
        }
    }
}
