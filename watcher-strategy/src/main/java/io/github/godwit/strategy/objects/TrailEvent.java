package io.github.godwit.strategy.objects;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A line of the audit trail: who did what to what, from where, and with which outcome.
 *
 * @param uuid      its UUID
 * @param time      when it ended, in milliseconds
 * @param action    what was done, such as {@code create}, {@code start} or {@code cancel}
 * @param succeeded whether it was done
 * @param target    what it was done to
 * @param initiator who did it
 * @param cause     the request, or what made the service do it
 * @param instance  name of the instance that wrote the line
 */
public record TrailEvent(
        UUID uuid,
        Instant time,
        String action,
        boolean succeeded,
        Target target,
        Initiator initiator,
        Cause cause,
        String instance) {

    /**
     * An object of the service.
     *
     * @param type its kind, such as {@code action_plan}
     * @param id   its UUID or name, or null if it was not made
     */
    public record Target(String type, String id) {}

    /**
     * A user, or the service itself.
     *
     * @param id      id of the user, or null if it is not known
     * @param name    name of the user
     * @param project id of the project of the user's token, or null
     * @param roles   the user's roles in that project
     * @param address IP address of the client or its proxy, or null for the service itself
     */
    public record Initiator(String id, String name, String project, List<String> roles, String address) {

        /** Copies the roles. */
        public Initiator {
            roles = List.copyOf(roles);
        }
    }

    /**
     * Why it was done.
     *
     * @param requestId id of the request, or null if the service did it by itself
     * @param path      path of the request, or null
     * @param status    HTTP status of the answer, or 0
     * @param audit     UUID of the audit by which the service did it, or null
     */
    public record Cause(String requestId, String path, int status, UUID audit) {

        /** Returns the cause of what a client asked for. */
        public static Cause request(String id, String path, int status) {
            return new Cause(id, path, status, null);
        }

        /** Returns the cause of what the service does by itself. */
        public static Cause audit(UUID audit) {
            return new Cause(null, null, 0, audit);
        }
    }
}
