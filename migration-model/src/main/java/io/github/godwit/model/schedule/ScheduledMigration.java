package io.github.godwit.model.schedule;

import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import java.util.List;
import java.util.Set;

/**
 * One migration of a schedule.
 *
 * @param vm             name of the VM
 * @param source         name of the host that it leaves
 * @param destination    name of the host that it goes to
 * @param technique      the technique, chosen for the bandwidth that it begins with
 * @param bandwidth      its bandwidth over time, earliest first; the first step is at its start
 * @param start          seconds after the beginning of the schedule at which it starts
 * @param end            seconds after the beginning of the schedule at which it ends
 * @param duration       seconds from its start to its end, with the interval of its own prediction: what the errors of other plans say
 *                       ({@link DurationErrors}) is in {@code end} only
 * @param after          VMs for whose ends it waits, without those that another of them waits for; a VM of a {@link RunningMigration} may
 *                       be among them. Kept to, it also keeps the limits of hosts and anti-affinity, however long each migration takes
 * @param group          0 if it waits for nothing, else one more than the largest group that it waits for
 * @param downtimeMillis predicted downtime, in ms
 * @param violation      predicted weighted SLO violation, with the weight of the VM
 */
public record ScheduledMigration(
        String vm,
        String source,
        String destination,
        Technique technique,
        List<BandwidthStep> bandwidth,
        Interval start,
        Interval end,
        Interval duration,
        Set<String> after,
        int group,
        double downtimeMillis,
        double violation) {

    /**
     * @throws IllegalArgumentException when a value is missing, or there is no bandwidth
     */
    public ScheduledMigration {
        Checks.named("VM", vm);
        Checks.named("source of VM " + vm, source);
        Checks.named("destination of VM " + vm, destination);
        Checks.present("technique of VM " + vm, technique);
        bandwidth = List.copyOf(Checks.present("bandwidth of VM " + vm, bandwidth));
        if (bandwidth.isEmpty()) {
            throw new IllegalArgumentException("VM '%s' has no bandwidth. Give at least one step.".formatted(vm));
        }
        Checks.present("start of VM " + vm, start);
        Checks.present("end of VM " + vm, end);
        Checks.present("duration of VM " + vm, duration);
        after = Set.copyOf(Checks.present("VMs before VM " + vm, after));
        Checks.notNegative("group of VM " + vm, group);
        Checks.notNegative("downtime of VM " + vm, downtimeMillis);
        Checks.notNegative("violation of VM " + vm, violation);
    }

    /** The bandwidth that it begins with. */
    public Bandwidth firstBandwidth() {
        return bandwidth.get(0).bandwidth();
    }

    /** Predicted duration, in seconds. */
    public double seconds() {
        return duration.value();
    }
}
