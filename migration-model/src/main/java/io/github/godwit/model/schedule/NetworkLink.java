package io.github.godwit.model.schedule;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;

/**
 * One direction of a link that migrations share: a NIC outbound, a NIC inbound, or the way from one rack to another.
 *
 * @param name         unique name, for example {@code node3 out} or {@code rack1 → rack2}
 * @param capacity     its rate, above 0
 * @param applications rate of the applications on it now: VMs that are to be moved included, migrations not
 * @param slaLower     what the applications on it must keep, without those of VMs that are to be moved
 * @param slaUpper     what they should keep, at least {@code slaLower}
 * @param reservable   whether bandwidth can be reserved on it; otherwise a migration gets what is free, but at least the half that TCP
 *                     gets against one other connection
 */
public record NetworkLink(
        String name,
        Bandwidth capacity,
        Bandwidth applications,
        Bandwidth slaLower,
        Bandwidth slaUpper,
        boolean reservable) {

    /**
     * @throws IllegalArgumentException when a value is missing, the capacity is zero or {@code slaLower} is more than {@code slaUpper}
     */
    public NetworkLink {
        Checks.named("link", name);
        Checks.positive(
                "capacity of link " + name,
                Checks.present("capacity of link " + name, capacity).bitsPerSecond());
        Checks.present("applications' rate on link " + name, applications);
        Checks.present("slaLower of link " + name, slaLower);
        Checks.present("slaUpper of link " + name, slaUpper);
        if (slaLower.compareTo(slaUpper) > 0) {
            throw new IllegalArgumentException("The slaLower (%s) of link '%s' must not be more than the slaUpper (%s)."
                    .formatted(slaLower, name, slaUpper));
        }
    }

    /** A link without applications that keep anything of their own, on which bandwidth can be reserved. */
    public NetworkLink(String name, Bandwidth capacity, Bandwidth applications) {
        this(name, capacity, applications, Bandwidth.ZERO, Bandwidth.ZERO, true);
    }

    /** A link without applications. */
    public NetworkLink(String name, Bandwidth capacity) {
        this(name, capacity, Bandwidth.ZERO);
    }
}
