package io.github.godwit.strategy.rest.infraoptim;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.audit.Audits;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.Query;
import io.github.godwit.strategy.rest.WatcherJson;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code /v1/action_plans}: action plans. */
@Path("/v1/action_plans")
@Produces(MediaType.APPLICATION_JSON)
public final class ActionPlansResource {

    private final Api api;

    /** Creates the resource. */
    public ActionPlansResource(Api api) {
        this.api = api;
    }

    /** Lists action plans with their main fields. */
    @GET
    public JsonNode list(@Context ContainerRequestContext request) {
        return list(request, "action_plans", false);
    }

    /** Lists action plans with all fields. */
    @GET
    @Path("detail")
    public JsonNode detail(@Context ContainerRequestContext request) {
        return list(request, "action_plans/detail", true);
    }

    private JsonNode list(ContainerRequestContext request, String path, boolean detail) {
        Query query = Query.of(request.getUriInfo(), "audit_uuid", "strategy");
        WatcherJson views = api.views(request);
        Map<String, Object> filters = CatalogFilters.of(api.catalog(), query);
        query.get("audit_uuid")
                .ifPresent(uuid -> filters.put("audit_uuid", Query.uuid(uuid).toString()));
        List<ActionPlan> page = api.stores()
                .database()
                .jdbi()
                .withHandle(handle -> api.stores().plans().plans(handle, query.page(), filters));
        return views.collection("action_plans", path, page, query, item -> views.plan(item, detail), ActionPlan::uuid);
    }

    /** Returns an action plan. */
    @GET
    @Path("{uuid}")
    public JsonNode get(@Context ContainerRequestContext request, @PathParam("uuid") String uuid) {
        Query.none(request.getUriInfo());
        String id = Query.uuid(uuid).toString();
        ActionPlan plan = api.stores()
                .database()
                .jdbi()
                .withHandle(handle -> api.stores().plans().plan(handle, id));
        return api.views(request).plan(plan, true);
    }

    /** Starts an action plan. */
    @POST
    @Path("{uuid}/start")
    public JsonNode start(@Context ContainerRequestContext request, @PathParam("uuid") String uuid) {
        return api.views(request).plan(api.plans().start(Query.uuid(uuid).toString()), true);
    }

    /** Starts or cancels an action plan, by a patch of its state. */
    @PATCH
    @Path("{uuid}")
    public JsonNode patch(@Context ContainerRequestContext request, @PathParam("uuid") String uuid, InputStream stream)
            throws IOException {
        JsonNode patch = Patches.read(stream);
        Patches.throwUnlessOnly(patch, Set.of("state"));
        String id = Query.uuid(uuid).toString();
        ActionPlan before = api.stores()
                .database()
                .jdbi()
                .withHandle(handle -> api.stores().plans().plan(handle, id));
        JsonNode state = Patches.value(patch, "state");
        if (state == null) {
            throw ServiceRefusal.invalid("Couldn't apply patch '%s'. Reason: it does not set /state".formatted(patch));
        }
        Patches.noteState(request, state);
        ActionPlanState requested = Arrays.stream(ActionPlanState.values())
                .filter(known -> known.name().equals(state.asText()))
                .findFirst()
                .orElseThrow(() -> Audits.notAllowed(before.state(), state.asText()));
        return api.views(request).plan(api.plans().change(id, requested), true);
    }

    /** Archives an action plan. */
    @DELETE
    @Path("{uuid}")
    public void delete(@PathParam("uuid") String uuid) {
        api.plans().delete(Query.uuid(uuid).toString());
    }
}
