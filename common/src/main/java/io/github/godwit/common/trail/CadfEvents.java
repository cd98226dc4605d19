package io.github.godwit.common.trail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.UUID;

/** Events of CADF (DMTF DSP0262), with the members that OpenStack's services write. */
public final class CadfEvents {

    /** Name of the member that says what something is. */
    public static final String TYPE = "typeURI";

    /** For what is not known. */
    public static final String UNKNOWN = "unknown";

    /** The type of a user. */
    public static final String USER = "service/security/account/user";

    private static final String EVENT = "http://schemas.dmtf.org/cloud/audit/1.0/event";

    /** CADF's actions, where the name in a trail is not one of them. */
    private static final Map<String, String> ACTIONS = Map.of(
            "cancel", "stop/cancel",
            "abandon", "stop/abandon",
            "trigger", "start/trigger",
            "prepare", "start/prepare",
            "advise", "evaluate/advise",
            "sign_in", "authenticate/login");

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxx").withZone(ZoneOffset.UTC);

    /** Lines are ASCII, so that no text of a client looks like another line. */
    private static final ObjectWriter LINES = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build()
            .writer();

    private CadfEvents() {}

    /** Returns an event without initiator, target and observer. */
    public static ObjectNode event(UUID id, Instant time, String action, boolean succeeded) {
        return JsonNodeFactory.instance
                .objectNode()
                .put(TYPE, EVENT)
                .put("eventType", "activity")
                .put("id", id.toString())
                .put("eventTime", TIME.format(time))
                .put("action", ACTIONS.getOrDefault(action, action))
                .put("outcome", succeeded ? "success" : "failure");
    }

    /** Returns an event as a line of ASCII, without its end. */
    public static String line(ObjectNode event) {
        try {
            return LINES.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
