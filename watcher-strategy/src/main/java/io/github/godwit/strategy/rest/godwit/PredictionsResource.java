package io.github.godwit.strategy.rest.godwit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.model.select.NoTechniqueException;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.decide.Move;
import io.github.godwit.strategy.objects.MigrateParameters;
import io.github.godwit.strategy.plan.MoveDecision;
import io.github.godwit.strategy.plan.MovePlanner;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.RequestBody;
import io.github.godwit.strategy.rest.WatcherJson;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;

/** {@code /godwit/v1/predictions}: predicts the cost of migrating a VM to a host with each technique. Nothing is migrated. */
@Path("/godwit/v1/predictions")
@Produces(MediaType.APPLICATION_JSON)
public final class PredictionsResource {

    private final Api api;

    /** Creates the resource. */
    public PredictionsResource(Api api) {
        this.api = api;
    }

    /**
     * Profiles the VM, which takes seconds, and returns the input parameters that a migrate action would have.
     *
     * @throws IOException          if the body cannot be received, or is not JSON
     * @throws InterruptedException if the thread is interrupted
     */
    @POST
    public JsonNode predict(InputStream stream) throws IOException, InterruptedException {
        JsonNode body = RequestBody.object(stream, "vm", "destination", "policy");
        String name = RequestBody.text(body, "vm");
        String asked = RequestBody.text(body, "destination");
        if (name == null || asked == null) {
            throw ServiceRefusal.invalid("A prediction needs the attributes vm and destination");
        }
        String destination = api.cloud().hostName(asked);
        String policy = RequestBody.text(body, "policy");
        MoveDecision decision = api.decisions().apply(policy == null ? "ensure_performance" : policy);
        ClusterModel cluster = api.cloud().read();
        ClusterHost source = cluster.findVm(name)
                .map(vm -> cluster.host(vm.host()))
                .orElseThrow(
                        () -> ServiceRefusal.notFound("No host driver that answers has a VM '%s'.".formatted(name)));
        if (cluster.findHost(destination).isEmpty()) {
            throw ServiceRefusal.notFound("No host driver answers for host '%s'.".formatted(destination));
        }
        if (source.name().equals(destination)) {
            throw ServiceRefusal.invalid("VM '%s' is on host '%s' already.".formatted(name, destination));
        }
        try {
            Move move = new Move(name, source.name(), destination, "A prediction was requested.");
            return WatcherJson.tree(MigrateParameters.of(
                    new MovePlanner(api.cloud(), decision, new MovePlanner.Listener() {}).plan(cluster, move),
                    Instant.now()));
        } catch (HostDriverException | NoTechniqueException e) {
            throw ServiceRefusal.conflict(e.getMessage());
        }
    }
}
