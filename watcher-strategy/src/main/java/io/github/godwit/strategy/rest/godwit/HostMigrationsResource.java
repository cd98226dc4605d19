package io.github.godwit.strategy.rest.godwit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.strategy.cluster.MoveOrder;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.objects.MigrateParameters;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.RequestBody;
import io.github.godwit.strategy.rest.WatcherJson;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * {@code /godwit/v1/hosts/{source}/migrations/{id}}: single migrations away from a host, for an applier that is not ours. The
 * caller chooses the id, and may ask again when it does not know whether it was heard.
 */
@Path("/godwit/v1/hosts/{source}/migrations/{id}")
@Produces(MediaType.APPLICATION_JSON)
public final class HostMigrationsResource {

    private final Api api;

    public HostMigrationsResource(Api api) {
        this.api = api;
    }

    /** Starts it; the body is the input of an action of type {@code migrate}. */
    @PUT
    public Response start(@PathParam("source") String source, @PathParam("id") String id, InputStream stream)
            throws IOException {
        MigrateParameters wanted = MigrateParameters.read(RequestBody.read(stream));
        if (!source.equals(wanted.sourceNode())) {
            throw ServiceRefusal.invalid(
                    "The source_node is '%s', but the path says '%s'.".formatted(wanted.sourceNode(), source));
        }
        MoveOrder order = wanted.order(uuid(id));
        return Response.accepted(answered(() -> WatcherJson.tree(api.cloud().migrate(order))))
                .build();
    }

    /** How it stands, with predicted and measured costs when it has ended. */
    @GET
    public JsonNode get(@PathParam("source") String source, @PathParam("id") String id) {
        return answered(() -> WatcherJson.tree(api.cloud()
                .findMigration(source, uuid(id))
                .orElseThrow(() -> ServiceRefusal.notFound("Host '%s' knows no migration %s.".formatted(source, id)))));
    }

    /** Asks for it to be cancelled. */
    @DELETE
    public Response cancel(@PathParam("source") String source, @PathParam("id") String id) {
        return Response.accepted(answered(() -> {
                    api.cloud().cancel(source, uuid(id));
                    return WatcherJson.tree(
                            api.cloud().findMigration(source, uuid(id)).orElse(null));
                }))
                .build();
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw ServiceRefusal.invalid("'%s' is no UUID.".formatted(text));
        }
    }

    private static JsonNode answered(Supplier<JsonNode> call) {
        try {
            return call.get();
        } catch (HostDriverException | IllegalStateException e) {
            throw ServiceRefusal.conflict(e.getMessage());
        }
    }
}
