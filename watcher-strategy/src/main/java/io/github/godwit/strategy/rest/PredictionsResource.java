package io.github.godwit.strategy.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.model.NoTechniqueException;
import io.github.godwit.nova.HostDriverException;
import io.github.godwit.strategy.Refusal;
import io.github.godwit.strategy.actionplan.MigrateParameters;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.decide.Move;
import io.github.godwit.strategy.plan.MoveDecision;
import io.github.godwit.strategy.plan.MovePlanner;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;

/** {@code /godwit/v1/predictions}: what would it cost to move a VM to a host, by every technique? Nothing is moved. */
@Path("/godwit/v1/predictions")
@Produces(MediaType.APPLICATION_JSON)
public final class PredictionsResource {

    private final Api api;

    PredictionsResource(Api api) {
        this.api = api;
    }

    /** The VM is profiled, which takes seconds; the answer is what a migrate action would hold. */
    @POST
    public JsonNode predict(InputStream stream) throws IOException, InterruptedException {
        JsonNode body = Bodies.object(stream, "vm", "destination", "policy");
        String name = Bodies.text(body, "vm");
        String destination = Bodies.text(body, "destination");
        if (name == null || destination == null) {
            throw Refusal.invalid("A prediction needs a vm and a destination");
        }
        String policy = Bodies.text(body, "policy");
        MoveDecision decision = api.decisions().apply(policy == null ? "ensure_performance" : policy);
        ClusterModel cluster = api.cloud().read();
        ClusterHost source = cluster.findVm(name)
                .map(vm -> cluster.host(vm.host()))
                .orElseThrow(() -> Refusal.notFound("There is no VM '%s' on a host that answers.".formatted(name)));
        ClusterHost to = cluster.findHost(destination)
                .orElseThrow(() -> Refusal.notFound("There is no host '%s' that answers.".formatted(destination)));
        if (source.name().equals(destination)) {
            throw Refusal.invalid("VM '%s' is on host '%s' already.".formatted(name, destination));
        }
        try {
            Move move = new Move(name, source.name(), destination, "It was asked what it would cost.");
            return Views.tree(MigrateParameters.of(new MovePlanner(api.cloud(), decision, new MovePlanner.Listener() {})
                    .plan(move, cluster.vm(name), source, to)));
        } catch (HostDriverException | NoTechniqueException e) {
            throw Refusal.conflict(e.getMessage());
        }
    }
}
