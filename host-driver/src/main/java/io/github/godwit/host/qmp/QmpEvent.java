package io.github.godwit.host.qmp;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An event of a QMP connection.
 *
 * @param name name of QEMU's event, for example {@code MIGRATION}, or {@link #CLOSED}
 * @param data the event's data; a missing node if it has none
 */
public record QmpEvent(String name, JsonNode data) {

    /** Name of the event that reports the end of the connection; QEMU has no such event. */
    public static final String CLOSED = "GODWIT_CONNECTION_CLOSED";
}
