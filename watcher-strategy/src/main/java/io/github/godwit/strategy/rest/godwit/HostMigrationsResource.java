package io.github.godwit.strategy.rest.godwit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.hostapi.MigrationStatus;
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
 * {@code /godwit/v1/hosts/{source}/migrations/{id}}: single migrations from a host, for other appliers, such as Watcher's. The
 * caller chooses the id, and may repeat a request if it does not know whether the first one arrived.
 */
@Path("/godwit/v1/hosts/{source}/migrations/{id}")
@Produces(MediaType.APPLICATION_JSON)
public final class HostMigrationsResource {

    private final Api api;

    /** Creates the resource. */
    public HostMigrationsResource(Api api) {
        this.api = api;
    }

    /**
     * Starts a migration, unless the service is switched off or only observes; the body contains the input parameters of an action of type
     * {@code migrate}.
     *
     * @throws IOException if the body cannot be received, or is not JSON
     */
    @PUT
    public Response start(@PathParam("source") String source, @PathParam("id") String id, InputStream stream)
            throws IOException {
        MigrateParameters parameters = MigrateParameters.read(RequestBody.read(stream));
        if (!source.equals(parameters.sourceNode())) {
            throw ServiceRefusal.invalid(
                    "The source_node is '%s', but the path says '%s'.".formatted(parameters.sourceNode(), source));
        }
        MoveOrder order = parameters.order(uuid(id));
        return Response.accepted(translateErrors(() -> WatcherJson.tree(begin(order))))
                .build();
    }

    /** A repeated request for a migration that is known begins nothing. */
    private MigrationStatus begin(MoveOrder order) {
        if (api.control().noMigrations().isPresent()
                && api.cloud().findMigration(order.source(), order.id()).isEmpty()) {
            api.control().requireMigrations();
        }
        return api.cloud().migrate(order);
    }

    /** Returns the status of a migration, with predicted and measured metrics once it has ended. */
    @GET
    public JsonNode get(@PathParam("source") String source, @PathParam("id") String id) {
        return translateErrors(() -> WatcherJson.tree(api.cloud()
                .findMigration(source, uuid(id))
                .orElseThrow(() -> ServiceRefusal.notFound("Host '%s' has no migration %s.".formatted(source, id)))));
    }

    /** Requests the cancellation of a migration, and returns its status. */
    @DELETE
    public Response cancel(@PathParam("source") String source, @PathParam("id") String id) {
        return Response.accepted(translateErrors(() -> {
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
            throw ServiceRefusal.invalid("'%s' is not a UUID.".formatted(text));
        }
    }

    private static JsonNode translateErrors(Supplier<JsonNode> call) {
        try {
            return call.get();
        } catch (HostDriverException | IllegalStateException e) {
            throw ServiceRefusal.conflict(e.getMessage());
        } catch (IllegalArgumentException e) { // an order that no host driver would take
            throw ServiceRefusal.invalid(e.getMessage());
        }
    }
}
