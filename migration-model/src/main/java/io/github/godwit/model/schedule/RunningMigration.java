package io.github.godwit.model.schedule;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;

/**
 * A migration that runs already. It keeps its place on both hosts until its end, and shares its links as every other migration.
 *
 * @param vm          name of the VM
 * @param source      name of the host that it leaves
 * @param destination name of the host that it goes to
 * @param bandwidth   bandwidth that it uses, above 0; it never gets more
 * @param remaining   seconds until its end with that bandwidth
 */
public record RunningMigration(String vm, String source, String destination, Bandwidth bandwidth, Interval remaining) {

    /**
     * @throws IllegalArgumentException when a value is missing or the bandwidth is zero
     */
    public RunningMigration {
        Checks.named("VM", vm);
        Checks.named("source of VM " + vm, source);
        Checks.named("destination of VM " + vm, destination);
        Checks.positive(
                "bandwidth of VM " + vm,
                Checks.present("bandwidth of VM " + vm, bandwidth).bitsPerSecond());
        Checks.present("remaining time of VM " + vm, remaining);
    }
}
