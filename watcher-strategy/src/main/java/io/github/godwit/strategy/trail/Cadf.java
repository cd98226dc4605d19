package io.github.godwit.strategy.trail;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.objects.TrailEvent;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Objects;

/** Lines of the trail as events of CADF (DMTF DSP0262), with the members that OpenStack's services write. */
public final class Cadf {

    private static final String EVENT = "http://schemas.dmtf.org/cloud/audit/1.0/event";
    private static final String SERVICE = "service/infra-optim";
    private static final String USER = "service/security/account/user";
    private static final String UNKNOWN = "unknown";
    private static final String TYPE = "typeURI";

    /** CADF's actions, where the name in the trail is not one of them. */
    private static final Map<String, String> ACTIONS =
            Map.of("cancel", "stop/cancel", "trigger", "start/trigger", "sign_in", "authenticate/login");

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxx").withZone(ZoneOffset.UTC);

    private Cadf() {}

    /** Returns a line as an event. */
    public static ObjectNode of(TrailEvent line) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put(TYPE, EVENT);
        event.put("eventType", "activity");
        event.put("id", line.uuid().toString());
        event.put("eventTime", TIME.format(line.time()));
        event.put("action", ACTIONS.getOrDefault(line.action(), line.action()));
        event.put("outcome", line.succeeded() ? "success" : "failure");
        initiator(event.putObject("initiator"), line);
        event.putObject("target")
                .put(TYPE, SERVICE + "/" + line.target().type())
                .put("id", Objects.requireNonNullElse(line.target().id(), UNKNOWN));
        event.putObject("observer")
                .put(TYPE, SERVICE)
                .put("id", line.instance())
                .put("name", "godwit-strategy");
        TrailEvent.Cause cause = line.cause();
        if (cause.path() != null) {
            event.put("requestPath", cause.path());
        }
        ObjectNode reason = event.putObject("reason");
        if (cause.requestId() != null) {
            reason.put("reasonType", "HTTP").put("reasonCode", String.valueOf(cause.status()));
        } else {
            reason.put("reasonType", "audit").put("reasonCode", String.valueOf(cause.audit()));
        }
        return event;
    }

    private static void initiator(ObjectNode initiator, TrailEvent line) {
        TrailEvent.Initiator who = line.initiator();
        boolean user = line.cause().requestId() != null;
        initiator.put(TYPE, user ? USER : SERVICE);
        initiator.put("id", Objects.requireNonNullElse(who.id(), UNKNOWN));
        initiator.put("name", who.name());
        if (user) {
            initiator.put("project_id", who.project());
            who.roles().forEach(initiator.putArray("roles")::add);
            initiator.put("request_id", line.cause().requestId());
            initiator.putObject("host").put("address", who.address());
        }
    }
}
