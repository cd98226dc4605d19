package io.github.godwit.host.nova;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * What Godwit's compute driver inside nova-compute says of a live migration, one JSON object a line.
 *
 * @param message     what it is about
 * @param vm          UUID of the server
 * @param destination name of the host it goes to, as Nova knows it
 * @param migration   UUID of Nova's migration record, or null
 * @param flags       Nova's own {@code virDomainMigrateFlags}
 * @param technique   the server's or its flavor's {@code godwit:technique}, or null
 * @param policy      the server's or its flavor's {@code godwit:policy}, or null
 * @param words       why it ended, or null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record NovaMessage(
        Kind message,
        String vm,
        String destination,
        String migration,
        long flags,
        String technique,
        String policy,
        String words) {

    /** What a message is about. */
    public enum Kind {
        /** The server is going to be migrated unless Nova finds an obstacle; no answer is waited for. */
        NOTICE,
        /** It is going to be migrated now: how? */
        ASK,
        /** libvirt has been told to migrate. */
        STARTED,
        /** libvirt has refused the advice; Nova migrates with its own flags. */
        REFUSED,
        /** The switch to post-copy was asked for. */
        POSTCOPY,
        /** libvirt says that it has arrived. */
        COMPLETED,
        /** Nova has taken it back, or an operator has aborted it. */
        ABORTED,
        /** libvirt says that it failed. */
        FAILED;

        /** Whether it ends the migration. */
        public boolean isEnd() {
            return this == COMPLETED || this == REFUSED || this == ABORTED || this == FAILED;
        }
    }

    /**
     * @throws IllegalArgumentException when kind or VM is missing
     */
    public NovaMessage {
        if (message == null || vm == null || vm.isBlank()) {
            throw new IllegalArgumentException("A message of nova-compute needs 'message' and 'vm'.");
        }
    }
}
