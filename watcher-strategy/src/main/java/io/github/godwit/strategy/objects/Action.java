package io.github.godwit.strategy.objects;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One action of an action plan, as stored.
 *
 * @param id            number in the database, 0 before it is stored; ascends in the order of the plan's actions
 * @param uuid          identifies it; for a migration also its id on the host driver
 * @param planUuid      UUID of its action plan
 * @param type          for example {@code migrate}
 * @param state         its state
 * @param parents       UUIDs of the actions that must end before it begins
 * @param description   what it does and why, in sentences
 * @param parameters    its input, an object
 * @param statusMessage explains its state, or null
 * @param result        for a migration that ended the last status from the host driver, else null
 * @param createdAt     when it was created
 * @param updatedAt     when its state last changed, or null
 * @param execution     when and where it was executed
 */
public record Action(
        long id,
        UUID uuid,
        UUID planUuid,
        String type,
        ActionState state,
        List<UUID> parents,
        String description,
        JsonNode parameters,
        String statusMessage,
        JsonNode result,
        Instant createdAt,
        Instant updatedAt,
        Execution execution) {

    /** Parameter of an action of a rollback: the UUID of the action that it undoes. */
    public static final String ROLLBACK_OF = "rollback_of";

    /**
     * When and where an action was executed, as far as it was.
     *
     * @param readyAt   since when it could begin but for something that it waits or waited for; null if it waited for nothing
     * @param queued    whether it waits for a place in the budget of migrations
     * @param startedAt when it really began, after all waiting, or null
     * @param endedAt   when it ended, or null
     * @param runBy     name of the instance that runs it, kept until its plan has taken note of its end; else null
     * @param takenOver whether another instance ran it before, so that its end may have been noticed late
     * @param transfersSince since when its VM is sent, or null
     */
    public record Execution(
            Instant readyAt,
            boolean queued,
            Instant startedAt,
            Instant endedAt,
            String runBy,
            boolean takenOver,
            Instant transfersSince) {

        /** Of an action that waits for nothing and has not begun. */
        public static final Execution NONE = new Execution(null, false, null, null, null, false, null);

        /**
         * Of an action that waited for nothing.
         *
         * @param startedAt when it began, or null
         * @param endedAt   when it ended, or null
         */
        public static Execution between(Instant startedAt, Instant endedAt) {
            return new Execution(null, false, startedAt, endedAt, null, false, null);
        }
    }

    /** Copies the list. */
    public Action {
        parents = List.copyOf(parents);
    }

    /** An action that was not executed. */
    public Action(
            long id,
            UUID uuid,
            UUID planUuid,
            String type,
            ActionState state,
            List<UUID> parents,
            String description,
            JsonNode parameters,
            String statusMessage,
            JsonNode result,
            Instant createdAt,
            Instant updatedAt) {
        this(
                id,
                uuid,
                planUuid,
                type,
                state,
                parents,
                description,
                parameters,
                statusMessage,
                result,
                createdAt,
                updatedAt,
                Execution.NONE);
    }

    /** Whether it is part of a rollback, and undoes what another action of its plan has done. */
    public boolean rollsBack() {
        return parameters.hasNonNull(ROLLBACK_OF);
    }

    /** When it really began, after all waiting, or null. */
    public Instant startedAt() {
        return execution.startedAt();
    }

    /** When it ended, or null. */
    public Instant endedAt() {
        return execution.endedAt();
    }

    /** How long it took from its real begin to its end; nothing if it has not ended, or if its end may have been noticed late. */
    public Optional<Duration> took() {
        return startedAt() == null || endedAt() == null || execution.takenOver()
                ? Optional.empty()
                : Optional.of(Duration.between(startedAt(), endedAt()));
    }

    /** How long it waited, between the end of all that it depends on and its real begin. */
    public Duration waited() {
        return startedAt() == null || execution.readyAt() == null
                ? Duration.ZERO
                : Duration.between(execution.readyAt(), startedAt());
    }

    /** The same action with other parents, another description and another input. */
    public Action replanned(List<UUID> others, String sentence, JsonNode input) {
        return new Action(
                id,
                uuid,
                planUuid,
                type,
                state,
                others,
                sentence,
                input,
                statusMessage,
                result,
                createdAt,
                updatedAt,
                execution);
    }

    /** A new, pending action of a plan, with a random UUID. */
    public static Action pending(
            UUID planUuid,
            String type,
            List<UUID> parents,
            String description,
            JsonNode parameters,
            Instant createdAt) {
        return new Action(
                0,
                UUID.randomUUID(),
                planUuid,
                type,
                ActionState.PENDING,
                parents,
                description,
                parameters,
                null,
                null,
                createdAt,
                null);
    }
}
