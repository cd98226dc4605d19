package io.github.godwit.model.schedule;

import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import java.util.List;

/**
 * One VM that is to be moved.
 *
 * @param vm           name of the VM
 * @param source       name of the host that it is on
 * @param destinations names of the hosts that it may go to, best first, without a repetition; at least one
 * @param urgency      how much bandwidth of applications its migration may take
 * @param priority     0 for normal; of two VMs the one with more leaves earlier, where that delays the end of all by no more than a
 *                     twentieth
 * @param slaLower     bandwidth that the VM's own applications must keep, in each direction
 * @param slaUpper     bandwidth that the VM's own applications should keep, at least {@code slaLower}
 * @param traffic      the VM's traffic, which leaves the source's links and enters the destination's with the VM
 * @param weight       weight of its SLO violation, not negative
 */
public record MoveRequest(
        String vm,
        String source,
        List<String> destinations,
        Urgency urgency,
        int priority,
        Bandwidth slaLower,
        Bandwidth slaUpper,
        Traffic traffic,
        double weight) {

    /**
     * @throws IllegalArgumentException when a value is missing or out of its range, a destination is repeated, or one is the source
     */
    public MoveRequest {
        Checks.named("VM", vm);
        Checks.named("source of VM " + vm, source);
        destinations = List.copyOf(Checks.present("destinations of VM " + vm, destinations));
        if (destinations.isEmpty()) {
            throw new IllegalArgumentException("VM '%s' has no destination. Name at least one host.".formatted(vm));
        }
        if (destinations.contains(source)) {
            throw new IllegalArgumentException(
                    "VM '%s' is on host '%s' already. Choose other destinations.".formatted(vm, source));
        }
        if (destinations.stream().distinct().count() < destinations.size()) {
            throw new IllegalArgumentException(
                    "The destinations of VM '%s' (%s) must differ. Name each host once.".formatted(vm, destinations));
        }
        Checks.present("urgency of VM " + vm, urgency);
        Checks.notNegative("priority of VM " + vm, priority);
        Checks.present("slaLower of VM " + vm, slaLower);
        Checks.present("slaUpper of VM " + vm, slaUpper);
        if (slaLower.compareTo(slaUpper) > 0) {
            throw new IllegalArgumentException("The slaLower (%s) of VM '%s' must not be more than the slaUpper (%s)."
                    .formatted(slaLower, vm, slaUpper));
        }
        Checks.present("traffic of VM " + vm, traffic);
        Checks.notNegative("weight of VM " + vm, weight);
    }

    /** A VM without traffic, of medium urgency, normal priority and weight 1. */
    public MoveRequest(String vm, String source, List<String> destinations) {
        this(vm, source, destinations, Urgency.MEDIUM, 0, Bandwidth.ZERO, Bandwidth.ZERO, Traffic.NONE, 1);
    }

    /** A copy with other traffic and the bandwidth that the applications keep of it. */
    public MoveRequest withTraffic(Traffic other, Bandwidth lower, Bandwidth upper) {
        return new MoveRequest(vm, source, destinations, urgency, priority, lower, upper, other, weight);
    }

    /** A copy with another urgency. */
    public MoveRequest withUrgency(Urgency other) {
        return new MoveRequest(vm, source, destinations, other, priority, slaLower, slaUpper, traffic, weight);
    }

    /** A copy with another priority. */
    public MoveRequest withPriority(int other) {
        return new MoveRequest(vm, source, destinations, urgency, other, slaLower, slaUpper, traffic, weight);
    }

    /** A copy with other destinations. */
    public MoveRequest withDestinations(List<String> others) {
        return new MoveRequest(vm, source, others, urgency, priority, slaLower, slaUpper, traffic, weight);
    }
}
