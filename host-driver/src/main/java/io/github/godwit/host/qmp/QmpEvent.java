package io.github.godwit.host.qmp;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An event that QEMU sent.
 *
 * @param name QMP name, for example {@code MIGRATION}, or {@link #CLOSED}
 * @param data its data, perhaps a missing node
 */
public record QmpEvent(String name, JsonNode data) {

    /** Not QEMU's: the connection has ended. */
    public static final String CLOSED = "GODWIT_CONNECTION_CLOSED";
}
