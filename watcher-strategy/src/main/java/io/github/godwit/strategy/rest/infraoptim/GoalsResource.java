package io.github.godwit.strategy.rest.infraoptim;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.catalog.Goal;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.Query;
import io.github.godwit.strategy.rest.WatcherJson;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;

/** {@code /v1/goals}: the goals of the catalog. */
@Path("/v1/goals")
@Produces(MediaType.APPLICATION_JSON)
public final class GoalsResource {

    private final Api api;

    /** Creates the resource. */
    public GoalsResource(Api api) {
        this.api = api;
    }

    /** Lists goals with their main fields. */
    @GET
    public JsonNode list(@Context ContainerRequestContext request) {
        return list(request, "goals", false);
    }

    /** Lists goals with all fields. */
    @GET
    @Path("detail")
    public JsonNode detail(@Context ContainerRequestContext request) {
        return list(request, "goals/detail", true);
    }

    private JsonNode list(ContainerRequestContext request, String path, boolean detail) {
        Query query = Query.of(request.getUriInfo());
        WatcherJson views = api.views(request);
        List<Goal> page = CatalogLists.page(
                api.catalog().goals(),
                query.page(),
                Map.of(
                        "name",
                        Goal::name,
                        "display_name",
                        Goal::displayName,
                        "uuid",
                        goal -> goal.uuid().toString()),
                Goal::uuid);
        return views.collection("goals", path, page, query, item -> views.goal(item, detail), Goal::uuid);
    }

    /** Returns a goal. */
    @GET
    @Path("{identity}")
    public JsonNode get(@Context ContainerRequestContext request, @PathParam("identity") String identity) {
        Query.none(request.getUriInfo());
        return api.views(request).goal(api.catalog().goal(identity), true);
    }
}
