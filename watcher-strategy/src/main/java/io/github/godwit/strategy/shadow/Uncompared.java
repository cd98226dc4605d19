package io.github.godwit.strategy.shadow;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.godwit.strategy.cluster.Cloud.ServerMove;
import java.time.Instant;
import java.util.Locale;

/**
 * A migration that is not part of the comparison.
 *
 * @param id          its id on the source's host driver; null if that does not know it
 * @param at          when it ended or started
 * @param vm          name of the VM
 * @param source      name of the source host
 * @param destination name of the destination host
 * @param why         why it is not
 * @param reason      more about that, or null
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Uncompared(String id, Instant at, String vm, String source, String destination, Why why, String reason) {

    /** Why a migration is not compared. */
    public enum Why {
        /** It failed. */
        FAILED,
        /** It was cancelled. */
        CANCELLED,
        /** Godwit came to no decision in time, so that it would have been left to Nova. */
        UNDECIDED,
        /** What was measured is not the cost of a technique alone, for example because disks were copied. */
        INCOMPARABLE,
        /** Nova knows it, and no host driver reported it: a cold migration, an evacuation, or one that a host driver has missed. */
        MISSING;

        /** The name in lower case, also in JSON. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A migration that was observed and cannot be compared. */
    static Uncompared of(RecordedMigration migration) {
        return new Uncompared(
                migration.id(),
                migration.at(),
                migration.vm(),
                migration.source(),
                migration.destination(),
                why(migration),
                migration.error() == null ? migration.incomparable() : migration.error());
    }

    /** A move in Nova's records that no host driver reported. */
    static Uncompared of(ServerMove move) {
        return new Uncompared(null, move.at(), move.server(), move.source(), move.destination(), Why.MISSING, null);
    }

    private static Why why(RecordedMigration migration) {
        if (!migration.decided()) {
            return Why.UNDECIDED;
        }
        return switch (migration.phase()) {
            case FAILED -> Why.FAILED;
            case CANCELLED -> Why.CANCELLED;
            default -> Why.INCOMPARABLE;
        };
    }
}
