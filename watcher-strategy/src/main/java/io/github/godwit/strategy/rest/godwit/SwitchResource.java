package io.github.godwit.strategy.rest.godwit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.RequestBody;
import io.github.godwit.strategy.rest.TrailNotes;
import io.github.godwit.strategy.rest.WatcherJson;
import io.github.godwit.strategy.store.SwitchStore.State;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;

/** {@code /godwit/v1/switch}: stops what the service does, on all its instances, and lets it continue. */
@Path("/godwit/v1/switch")
@Produces(MediaType.APPLICATION_JSON)
public final class SwitchResource {

    private static final String ENABLED = "enabled";
    private static final String REASON = "reason";

    private final Api api;

    /** Creates the resource. */
    public SwitchResource(Api api) {
        this.api = api;
    }

    /** Returns the state. */
    @GET
    public JsonNode get() {
        return view(api.control().state());
    }

    /**
     * Switches the service on or off.
     *
     * @throws IOException if the body cannot be received, or is not JSON
     */
    @PUT
    public JsonNode put(@Context ContainerRequestContext request, InputStream stream) throws IOException {
        JsonNode body = RequestBody.object(stream, ENABLED, REASON);
        if (!body.path(ENABLED).isBoolean()) {
            throw ServiceRefusal.invalid("'enabled' (%s) must be true or false.".formatted(body.path(ENABLED)));
        }
        boolean enabled = body.path(ENABLED).asBoolean();
        TrailNotes.action(request, enabled ? "enable" : "disable");
        return view(api.control().set(enabled, RequestBody.text(body, REASON)));
    }

    private ObjectNode view(State state) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put(ENABLED, state.enabled());
        view.put(REASON, state.reason());
        view.set("changed_at", WatcherJson.tree(state.changedAt()));
        view.put("observe", api.control().observes());
        return view;
    }
}
