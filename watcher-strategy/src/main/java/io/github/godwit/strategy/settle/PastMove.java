package io.github.godwit.strategy.settle;

import java.time.Instant;

/**
 * An earlier move of a VM.
 *
 * @param vm      name of the VM
 * @param from    name of the source host
 * @param to      name of the destination host
 * @param purpose what it was for
 * @param end     how it ended
 * @param at      when it ended; now, if it still runs
 * @param error   why it failed, or null
 */
public record PastMove(String vm, String from, String to, Purpose purpose, End end, Instant at, String error) {

    /** What a move was for, as far as other strategies have to respect it. */
    public enum Purpose {
        /** It relieved a hot host. */
        RELIEF,
        /** It emptied a host, so that VMs are on fewer hosts. */
        PACKING,
        /** Anything else: maintenance, a rollback, what a user ordered. */
        OTHER;

        /** The purpose of a strategy's moves, by its name. */
        public static Purpose of(String strategy) {
            return switch (strategy) {
                case "hotspot_mitigation" -> RELIEF;
                case "consolidation", "basic" -> PACKING;
                default -> OTHER;
            };
        }
    }

    /** How a move ended. */
    public enum End {
        /** The VM is on the destination. */
        MOVED,
        /** The VM stayed. */
        FAILED,
        /** It runs, or is about to. */
        RUNS
    }

    /** Returns whether it has changed the load of its hosts, or changes it now. */
    public boolean changesLoad() {
        return end != End.FAILED;
    }
}
