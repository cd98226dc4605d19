package io.github.godwit.strategy.trail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.common.trail.CadfEvents;
import io.github.godwit.strategy.objects.TrailEvent;
import java.util.Objects;

/** Lines of the trail as events of CADF (DMTF DSP0262), with the members that OpenStack's services write. */
public final class Cadf {

    private static final String SERVICE = "service/infra-optim";

    private Cadf() {}

    /** Returns a line as an event. */
    public static ObjectNode of(TrailEvent line) {
        ObjectNode event = CadfEvents.event(line.uuid(), line.time(), line.action(), line.succeeded());
        initiator(event.putObject("initiator"), line);
        event.putObject("target")
                .put(CadfEvents.TYPE, SERVICE + "/" + line.target().type())
                .put("id", Objects.requireNonNullElse(line.target().id(), CadfEvents.UNKNOWN));
        event.putObject("observer")
                .put(CadfEvents.TYPE, SERVICE)
                .put("id", line.instance())
                .put("name", line.instance().startsWith(HostTrails.HOST_DRIVER) ? "godwit-host" : "godwit-strategy");
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
        initiator.put(CadfEvents.TYPE, user ? CadfEvents.USER : SERVICE);
        initiator.put("id", Objects.requireNonNullElse(who.id(), CadfEvents.UNKNOWN));
        initiator.put("name", who.name());
        if (user) {
            initiator.put("project_id", who.project());
            who.roles().forEach(initiator.putArray("roles")::add);
            initiator.put("request_id", line.cause().requestId());
            initiator.putObject("host").put("address", who.address());
        }
    }
}
