package io.github.godwit.host.nova;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * A message about a live migration from Godwit's compute driver in nova-compute, one JSON object per line.
 *
 * @param message     kind of the message
 * @param vm          UUID of the server
 * @param destination Nova's name of the destination host
 * @param migration   UUID of Nova's migration record, or null
 * @param flags       Nova's {@code virDomainMigrateFlags}
 * @param technique   {@code godwit:technique} of the server or its flavor, or null
 * @param policy      {@code godwit:policy} of the server or its flavor, or null
 * @param words       why the migration ended, or null
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

    /** The kinds of message. */
    public enum Kind {
        /** Nova is about to migrate the server, unless its checks fail. nova-compute does not wait for an answer. */
        NOTICE,
        /** Nova asks how to migrate the server now, and waits for the answer. */
        ASK,
        /** libvirt has started the migration. */
        STARTED,
        /** libvirt refused the advice; Nova migrates with its own flags. */
        REFUSED,
        /** Nova has requested the switch to post-copy. */
        POSTCOPY,
        /** libvirt reports that the server has arrived. */
        COMPLETED,
        /** Nova has rolled the migration back, or an operator has aborted it. */
        ABORTED,
        /** libvirt reports that the migration failed. */
        FAILED;

        /** Whether it ends the migration. */
        public boolean isEnd() {
            return this == COMPLETED || this == REFUSED || this == ABORTED || this == FAILED;
        }
    }

    /**
     * Checks the message.
     *
     * @throws IllegalArgumentException when the kind or the VM is missing
     */
    public NovaMessage {
        if (message == null || vm == null || vm.isBlank()) {
            throw new IllegalArgumentException(
                    "A message of nova-compute needs 'message' and 'vm', but has %s and '%s'.".formatted(message, vm));
        }
    }
}
