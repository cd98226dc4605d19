package io.github.godwit.strategy.cluster;

import java.util.Optional;

/**
 * A reason why a VM is not migrated as planned, found just before or after its migration.
 *
 * @param kind   the kind
 * @param reason the reason, as a sentence
 */
public record MoveObstacle(Kind kind, String reason) {

    /** The kinds of obstacles. */
    public enum Kind {
        /** The VM no longer exists. */
        GONE,
        /** The VM is on the destination already. */
        ARRIVED,
        /** The VM is on a host that is neither the source nor the destination. */
        ELSEWHERE,
        /** The VM is on the source, but cannot be migrated any more, for example because it was stopped or its destination is disabled. */
        UNFIT,
        /** The VM itself is being migrated, or changed in another way. */
        CHANGING,
        /** One of the hosts is part of another migration, or the state of the VM cannot be read. */
        BUSY
    }

    /**
     * Returns the obstacle that follows from where a VM is, or nothing if it is on the source.
     *
     * @param vm          the VM, as the subject of a sentence
     * @param host        name of the host that it is on, or null
     * @param source      name of the host on which it was when the migration was planned
     * @param destination name of the host to migrate it to
     */
    public static Optional<MoveObstacle> ofPlace(String vm, String host, String source, String destination) {
        if (source.equals(host)) {
            return Optional.empty();
        }
        return Optional.of(
                destination.equals(host)
                        ? new MoveObstacle(Kind.ARRIVED, "%s is on %s already.".formatted(vm, host))
                        : new MoveObstacle(
                                Kind.ELSEWHERE,
                                "%s is on %s and no longer on %s."
                                        .formatted(vm, host == null ? "no host" : host, source)));
    }

    /** Returns whether the obstacle ends by itself, so that the migration has to wait. */
    public boolean passes() {
        return kind == Kind.CHANGING || kind == Kind.BUSY;
    }
}
