package io.github.godwit.strategy.rest.infraoptim;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.catalog.ScoringEngine;
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

/** {@code /v1/scoring_engines}: the scoring engines of the catalog. */
@Path("/v1/scoring_engines")
@Produces(MediaType.APPLICATION_JSON)
public final class ScoringEnginesResource {

    private final Api api;

    /** Creates the resource. */
    public ScoringEnginesResource(Api api) {
        this.api = api;
    }

    /** Lists scoring engines with their main fields. */
    @GET
    public JsonNode list(@Context ContainerRequestContext request) {
        return list(request, "scoring_engines", false);
    }

    /** Lists scoring engines with all fields. */
    @GET
    @Path("detail")
    public JsonNode detail(@Context ContainerRequestContext request) {
        return list(request, "scoring_engines/detail", true);
    }

    private JsonNode list(ContainerRequestContext request, String path, boolean detail) {
        Query query = Query.of(request.getUriInfo());
        WatcherJson views = api.views(request);
        List<ScoringEngine> page = CatalogLists.page(
                api.catalog().scoringEngines(),
                query.page(),
                Map.of(
                        "name",
                        ScoringEngine::name,
                        "description",
                        ScoringEngine::description,
                        "uuid",
                        engine -> engine.uuid().toString()),
                ScoringEngine::uuid);
        return views.collection(
                "scoring_engines", path, page, query, item -> views.scoringEngine(item, detail), ScoringEngine::uuid);
    }

    /** Returns a scoring engine. */
    @GET
    @Path("{identity}")
    public JsonNode get(@Context ContainerRequestContext request, @PathParam("identity") String identity) {
        Query.none(request.getUriInfo());
        return api.views(request).scoringEngine(api.catalog().scoringEngine(identity), true);
    }
}
