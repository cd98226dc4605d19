package io.github.godwit.strategy.rest.godwit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.strategy.audit.AuditQuestion;
import io.github.godwit.strategy.catalog.ParameterSchema;
import io.github.godwit.strategy.catalog.StrategyType;
import io.github.godwit.strategy.cluster.UnreachableClusterException;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.objects.PlanDraft;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.RequestBody;
import io.github.godwit.strategy.rest.WatcherJson;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;

/**
 * {@code /godwit/v1/strategies/{name}/solutions}: what a strategy would do now, for other planners, such as Watcher's. Nothing is
 * stored and nothing is migrated.
 */
@Path("/godwit/v1/strategies/{name}/solutions")
@Produces(MediaType.APPLICATION_JSON)
public final class SolutionsResource {

    /** Each keeps a connection and what it has sampled. */
    private static final int MOST_AT_ONCE = 64;

    private final Api api;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    /** Creates the resource. */
    public SolutionsResource(Api api) {
        this.api = api;
    }

    /**
     * Reads the cluster and computes a solution, which takes as long as the strategy samples the load, and seconds more for each VM to be
     * migrated. Meanwhile the request has no thread.
     *
     * @throws IOException if the body cannot be received, or is not JSON
     */
    @POST
    public void solve(@PathParam("name") String name, InputStream stream, @Suspended AsyncResponse answer)
            throws IOException {
        JsonNode body = RequestBody.object(stream, "parameters", "scope");
        StrategyType strategy = api.catalog().strategy(name);
        JsonNode given = body.has("parameters") ? body.get("parameters") : JsonNodeFactory.instance.objectNode();
        JsonNode scope = body.has("scope") ? body.get("scope") : JsonNodeFactory.instance.arrayNode();
        AuditQuestion question =
                new AuditQuestion(strategy.goal(), strategy.name(), ParameterSchema.complete(strategy, given), scope);
        if (!places.tryAcquire()) {
            throw ServiceRefusal.busy(
                    "%d solutions are being computed already. Try again later.".formatted(MOST_AT_ONCE));
        }
        var unused = api.work().begin(question, () -> !answer.isDone()).handle((draft, failure) -> {
            places.release();
            return failure == null ? answer.resume(view(draft)) : answer.resume(refusal(failure));
        });
    }

    private static Throwable refusal(Throwable failure) {
        Throwable why = failure instanceof CompletionException ? failure.getCause() : failure;
        if (why instanceof UnreachableClusterException || why instanceof HostDriverException) {
            return ServiceRefusal.unavailable(why.getMessage());
        }
        if (why instanceof InterruptedException) {
            return ServiceRefusal.unavailable("This instance of the service is stopping. Ask another one.");
        }
        return why instanceof IllegalArgumentException ? ServiceRefusal.invalid(why.getMessage()) : why;
    }

    private static ObjectNode view(PlanDraft draft) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("verdict", draft.verdict());
        view.set("efficacy", WatcherJson.tree(draft.figures()));
        view.put("on_failure", draft.onFailure().name().toLowerCase(java.util.Locale.ROOT));
        view.put("parallel", draft.parallel());
        if (draft.schedule() != null) {
            view.set("schedule", WatcherJson.tree(draft.schedule()));
        }
        ArrayNode actions = view.putArray("actions");
        for (PlanDraft.Step step : draft.steps()) {
            ObjectNode action = actions.addObject();
            action.put("action_type", step.type());
            action.put("description", step.description());
            action.set("input_parameters", step.parameters());
            action.set("parents", WatcherJson.tree(step.parents()));
        }
        return view;
    }
}
