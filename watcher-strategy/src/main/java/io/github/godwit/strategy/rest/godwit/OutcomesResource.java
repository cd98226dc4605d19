package io.github.godwit.strategy.rest.godwit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ColdMigrateParameters;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.Query;
import io.github.godwit.strategy.rest.WatcherJson;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code /godwit/v1/outcomes}: predicted and measured metrics of migrations. */
@Path("/godwit/v1/outcomes")
@Produces(MediaType.APPLICATION_JSON)
public final class OutcomesResource {

    private static final String PLAN = "action_plan_uuid";

    private final Api api;

    /** Creates the resource. */
    public OutcomesResource(Api api) {
        this.api = api;
    }

    /** Lists the outcomes of live migrations, of one action plan if {@code action_plan_uuid} is given. */
    @GET
    public JsonNode list(@Context ContainerRequestContext request) {
        Query query = Query.of(request.getUriInfo(), PLAN);
        Map<String, Object> filters = new HashMap<>(Map.of("action_type", "migrate"));
        query.get(PLAN)
                .ifPresent(uuid -> filters.put("plan_uuid", Query.uuid(uuid).toString()));
        List<Action> actions = api.stores()
                .database()
                .jdbi()
                .withHandle(handle -> api.stores().plans().actions(handle, query.page(), filters));
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        ArrayNode outcomes = list.putArray("outcomes");
        for (Action action : actions) {
            if (ColdMigrateParameters.areIn(action.parameters())) {
                continue;
            }
            ObjectNode outcome = outcomes.addObject();
            outcome.put("action_uuid", action.uuid().toString());
            outcome.put(PLAN, action.planUuid().toString());
            outcome.put("state", action.state().name());
            outcome.put("status_message", action.statusMessage());
            outcome.set("planned", action.parameters());
            outcome.set("migration", action.result());
            outcome.set("measured", measured(action.result()));
        }
        return list;
    }

    /** The metrics as predictions and SLOs mean them; null without an outcome. */
    private static JsonNode measured(JsonNode result) {
        if (result == null || !result.hasNonNull("outcome")) {
            return null;
        }
        Outcome outcome = Texts.mapper().convertValue(result.get("outcome"), Outcome.class);
        return WatcherJson.tree(outcome.metrics());
    }
}
