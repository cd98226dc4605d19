package io.github.godwit.strategy.rest.godwit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.ColdMigrateParameters;
import io.github.godwit.strategy.plan.PlanSchedule;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.Query;
import io.github.godwit.strategy.rest.WatcherJson;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** {@code /godwit/v1/action_plans/{uuid}/schedule}: when the migrations of a plan are to run, and when they ran. */
@Path("/godwit/v1/action_plans/{uuid}/schedule")
@Produces(MediaType.APPLICATION_JSON)
public final class SchedulesResource {

    private static final String SCHEDULE = "schedule";

    private final Api api;

    /** Creates the resource. */
    public SchedulesResource(Api api) {
        this.api = api;
    }

    /**
     * Returns the schedule of an action plan. The deadline of a plan that has not begun is judged as if it began now. Times of migrations are seconds after {@code started_at}, when the first of them began, or will
     * begin.
     */
    @GET
    public JsonNode get(@PathParam("uuid") String uuid) {
        String id = Query.uuid(uuid).toString();
        ActionPlan plan = api.stores()
                .database()
                .jdbi()
                .withHandle(handle -> api.stores().plans().plan(handle, id));
        List<Action> migrations = api
                .stores()
                .database()
                .jdbi()
                .withHandle(handle -> api.stores().plans().actionsOf(handle, plan.uuid()))
                .stream()
                .filter(action -> "migrate".equals(action.type()) && !ColdMigrateParameters.areIn(action.parameters()))
                .toList();
        Instant began = migrations.stream()
                .map(Action::startedAt)
                .filter(Objects::nonNull)
                .min(Instant::compareTo)
                .orElse(null);
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("action_plan_uuid", id);
        view.put("state", plan.state().name());
        view.put("started_at", began == null ? null : began.toString());
        view.put("now", began == null ? null : seconds(began, api.clock().instant()));
        if (plan.schedule() != null) {
            boolean waits = plan.state() == ActionPlanState.RECOMMENDED
                    || plan.state() == ActionPlanState.PENDING
                    || (plan.state() == ActionPlanState.ONGOING && began == null);
            PlanSchedule schedule = waits ? plan.schedule().ifBegun(api.clock().instant()) : plan.schedule();
            view.setAll((ObjectNode) WatcherJson.tree(schedule));
        }
        ArrayNode list = view.putArray("migrations");
        migrations.forEach(action -> list.add(migration(action, began)));
        return view;
    }

    private static ObjectNode migration(Action action, Instant began) {
        JsonNode input = action.parameters();
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("action_uuid", action.uuid().toString());
        view.put("state", action.state().name());
        for (String name : List.of("resource_id", "resource_name", "source_node", "destination_node", "technique")) {
            view.set(name, input.path(name).isMissingNode() ? null : input.get(name));
        }
        if (input.hasNonNull(SCHEDULE)) {
            view.setAll((ObjectNode) input.get(SCHEDULE));
        }
        if (action.startedAt() != null) {
            ObjectNode real = view.putObject("real");
            real.put("start", seconds(began, action.startedAt()));
            real.put("end", action.endedAt() == null ? null : seconds(began, action.endedAt()));
        }
        return view;
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1e3;
    }
}
