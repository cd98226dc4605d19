package io.github.godwit.strategy.rest.infraoptim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.catalog.Goal;
import io.github.godwit.strategy.catalog.StrategyType;
import io.github.godwit.strategy.cluster.ClusterModel;
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
import java.util.stream.Collectors;

/** {@code /v1/strategies}: the strategies of the catalog. */
@Path("/v1/strategies")
@Produces(MediaType.APPLICATION_JSON)
public final class StrategiesResource {

    private final Api api;

    /** Creates the resource. */
    public StrategiesResource(Api api) {
        this.api = api;
    }

    /** Lists strategies with their main fields. */
    @GET
    public JsonNode list(@Context ContainerRequestContext request) {
        return list(request, "strategies", false);
    }

    /** Lists strategies with all fields. */
    @GET
    @Path("detail")
    public JsonNode detail(@Context ContainerRequestContext request) {
        return list(request, "strategies/detail", true);
    }

    private JsonNode list(ContainerRequestContext request, String path, boolean detail) {
        Query query = Query.of(request.getUriInfo(), "goal");
        WatcherJson views = api.views(request);
        List<StrategyType> page = CatalogLists.page(
                of(query),
                query.page(),
                Map.of(
                        "name",
                        StrategyType::name,
                        "display_name",
                        StrategyType::displayName,
                        "goal_name",
                        StrategyType::goal,
                        "uuid",
                        strategy -> strategy.uuid().toString(),
                        "goal_uuid",
                        strategy -> api.catalog().goal(strategy.goal()).uuid().toString()),
                StrategyType::uuid);
        return views.collection(
                "strategies", path, page, query, item -> views.strategy(item, detail), StrategyType::uuid);
    }

    /** Returns a strategy. */
    @GET
    @Path("{identity}")
    public JsonNode get(@Context ContainerRequestContext request, @PathParam("identity") String identity) {
        Query.none(request.getUriInfo());
        return api.views(request).strategy(api.catalog().strategy(identity), true);
    }

    private List<StrategyType> of(Query query) {
        return query.get("goal")
                .map(goal -> api.catalog()
                        .strategiesOf(
                                api.catalog().findGoal(goal).map(Goal::name).orElse("")))
                .orElseGet(() -> api.catalog().strategies());
    }

    /**
     * Returns whether the requirements of a strategy are met: for strategies that read the cluster, whether host drivers answer.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    @GET
    @Path("{identity}/state")
    public JsonNode state(@Context ContainerRequestContext request, @PathParam("identity") String identity)
            throws InterruptedException {
        Query.none(request.getUriInfo());
        StrategyType strategy = api.catalog().strategy(identity);
        boolean readsCluster = !"dummy".equals(strategy.goal()) && !"unclassified".equals(strategy.goal());
        ClusterModel cluster = readsCluster ? api.cloud().read() : new ClusterModel(List.of(), List.of(), List.of());
        boolean available = !cluster.hosts().isEmpty();
        String comment = cluster.omissions().stream()
                .map(omission -> omission.what() + ": " + omission.reason())
                .collect(Collectors.joining(" "));
        ArrayNode state = JsonNodeFactory.instance.arrayNode();
        state.add(requirement(
                "Datasource", "host drivers: " + available(available || !readsCluster), readsCluster, comment));
        ArrayNode metrics = JsonNodeFactory.instance.arrayNode();
        for (String metric :
                readsCluster ? List.of("host_cpu_usage", "host_ram_usage", "instance_cpu_usage") : List.<String>of()) {
            metrics.addObject().put(metric, available(available));
        }
        state.add(requirement("Metrics", metrics, readsCluster, ""));
        ArrayNode models = JsonNodeFactory.instance.arrayNode();
        models.addObject().put("compute_model", available(available || !readsCluster));
        models.addObject().put("storage_model", "not available");
        models.addObject().put("baremetal_model", "not available");
        state.add(requirement("CDM", models, readsCluster, ""));
        ObjectNode name = JsonNodeFactory.instance.objectNode();
        name.put("type", "Name")
                .put("state", strategy.name())
                .put("mandatory", "")
                .put("comment", "");
        state.add(name);
        return state;
    }

    private static String available(boolean available) {
        return available ? "available" : "not available";
    }

    private static ObjectNode requirement(String type, Object value, boolean mandatory, String comment) {
        ObjectNode requirement = JsonNodeFactory.instance.objectNode();
        requirement.put("type", type);
        requirement.set("state", WatcherJson.tree(value));
        requirement.put("mandatory", mandatory);
        requirement.put("comment", comment);
        return requirement;
    }
}
