package io.github.godwit.model.proxy;

import io.github.godwit.model.watch.PrecopyRound;
import java.util.List;

/**
 * What is known of a VM's performance in a migration without its help.
 *
 * @param vcpus          CPU time of the vCPUs
 * @param usualCores     their use before the migration, in cores
 * @param rounds         the rounds of pre-copy, with the throttling of auto-converge; may be empty
 * @param totalMillis    QEMU's total time in ms; 0 if it is not known
 * @param downtimeMillis QEMU's downtime in ms; 0 for a VM that stays
 */
public record OutsideView(
        VcpuTimes vcpus, double usualCores, List<PrecopyRound> rounds, double totalMillis, double downtimeMillis) {

    /** Copies the rounds; null is none. */
    public OutsideView {
        rounds = rounds == null ? List.of() : List.copyOf(rounds);
    }
}
