package io.github.godwit.model.schedule;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;

/**
 * A migration that runs already. It keeps its place on both hosts and its bandwidth until its end.
 *
 * @param vm          name of the VM
 * @param source      name of the host that it leaves
 * @param destination name of the host that it goes to
 * @param bandwidth   bandwidth that it uses
 * @param remaining   seconds until its end
 */
public record RunningMigration(
        String vm, String source, String destination, Bandwidth bandwidth, Interval remaining) {

    /**
     * @throws IllegalArgumentException when a value is missing
     */
    public RunningMigration {
        Checks.named("VM", vm);
        Checks.named("source of VM " + vm, source);
        Checks.named("destination of VM " + vm, destination);
        Checks.present("bandwidth of VM " + vm, bandwidth);
        Checks.present("remaining time of VM " + vm, remaining);
    }
}
