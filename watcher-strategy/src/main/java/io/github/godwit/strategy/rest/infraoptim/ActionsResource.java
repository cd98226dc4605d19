package io.github.godwit.strategy.rest.infraoptim;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.objects.ActionSummary;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.ApiVersion;
import io.github.godwit.strategy.rest.Query;
import io.github.godwit.strategy.rest.WatcherJson;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code /v1/actions}: the actions of action plans. */
@Path("/v1/actions")
@Produces(MediaType.APPLICATION_JSON)
public final class ActionsResource {

    private static final String PLAN = "action_plan_uuid";
    private static final String AUDIT = "audit_uuid";

    private final Api api;

    /** Creates the resource. */
    public ActionsResource(Api api) {
        this.api = api;
    }

    /** Lists actions with their main fields. */
    @GET
    public JsonNode list(@Context ContainerRequestContext request) {
        Query query = query(request);
        Map<String, Object> filters = filters(query);
        List<ActionSummary> page = api.stores()
                .database()
                .jdbi()
                .withHandle(handle -> api.stores().plans().actionSummaries(handle, query.page(), filters));
        WatcherJson views = api.views(request);
        return views.collection("actions", "actions", page, query, views::action, ActionSummary::uuid);
    }

    /** Lists actions with all fields. */
    @GET
    @Path("detail")
    public JsonNode detail(@Context ContainerRequestContext request) {
        Query query = query(request);
        Map<String, Object> filters = filters(query);
        List<Action> page = api.stores()
                .database()
                .jdbi()
                .withHandle(handle -> api.stores().plans().actions(handle, query.page(), filters));
        WatcherJson views = api.views(request);
        return views.collection("actions", "actions/detail", page, query, views::action, Action::uuid);
    }

    private static Query query(ContainerRequestContext request) {
        Query query = Query.of(request.getUriInfo(), PLAN, AUDIT);
        if (query.get(PLAN).isPresent() && query.get(AUDIT).isPresent()) {
            throw ServiceRefusal.invalid("Filtering actions on both audit and action-plan is prohibited");
        }
        return query;
    }

    private static Map<String, Object> filters(Query query) {
        Map<String, Object> filters = new HashMap<>();
        query.get(PLAN)
                .ifPresent(uuid -> filters.put("plan_uuid", Query.uuid(uuid).toString()));
        query.get(AUDIT).ifPresent(uuid -> filters.put("audit", Query.uuid(uuid).toString()));
        return filters;
    }

    /** Returns an action. */
    @GET
    @Path("{uuid}")
    public JsonNode get(@Context ContainerRequestContext request, @PathParam("uuid") String uuid) {
        Query.none(request.getUriInfo());
        return api.views(request).action(find(uuid));
    }

    private Action find(String uuid) {
        String id = Query.uuid(uuid).toString();
        return api.stores()
                .database()
                .jdbi()
                .withHandle(handle -> api.stores().plans().action(handle, id));
    }

    /** Skips an action, or changes its status message. */
    @PATCH
    @Path("{uuid}")
    public JsonNode patch(@Context ContainerRequestContext request, @PathParam("uuid") String uuid, InputStream stream)
            throws IOException {
        if (!ApiVersion.of(request).knows(ApiVersion.SKIPPED_ACTION)) {
            throw ServiceRefusal.invalid(
                    "API microversion 1.%d or higher is required.".formatted(ApiVersion.SKIPPED_ACTION));
        }
        JsonNode patch = Patches.read(stream);
        Patches.throwUnlessOnly(patch, Set.of("state", "status_message"));
        String id = find(uuid).uuid().toString();
        JsonNode state = Patches.value(patch, "state");
        JsonNode message = Patches.value(patch, "status_message");
        String reason = message == null || message.isNull() ? null : message.asText();
        if (state == null && reason == null) {
            throw ServiceRefusal.invalid(
                    "Couldn't apply patch '%s'. Reason: it sets neither /state nor /status_message".formatted(patch));
        }
        Action after = state == null
                ? api.plans().tell(id, reason)
                : api.plans().change(id, requested(state.asText(), patch), reason);
        return api.views(request).action(after);
    }

    private static ActionState requested(String state, JsonNode patch) {
        return Arrays.stream(ActionState.values())
                .filter(known -> known.name().equals(state))
                .findFirst()
                .orElseThrow(() -> ServiceRefusal.invalid(
                        "Couldn't apply patch '%s'. Reason: Invalid state: %s".formatted(patch, state)));
    }
}
