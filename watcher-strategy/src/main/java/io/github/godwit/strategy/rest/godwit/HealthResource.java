package io.github.godwit.strategy.rest.godwit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.rest.Api;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jdbi.v3.core.JdbiException;

/** {@code /healthz}: whether this instance is healthy. */
@Path("/healthz")
@Produces(MediaType.APPLICATION_JSON)
public final class HealthResource {

    private final Api api;

    /** Creates the resource. */
    public HealthResource(Api api) {
        this.api = api;
    }

    /** Returns 200 if the database answers, whether or not the service is switched off or only observes, and 503 otherwise. */
    @GET
    public Response health() {
        boolean answers;
        try {
            answers = api.stores()
                    .database()
                    .jdbi()
                    .withHandle(handle ->
                            handle.createQuery("SELECT 1").mapTo(Integer.class).one() == 1);
        } catch (JdbiException e) {
            answers = false;
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("database", answers ? "ok" : "does not answer");
        if (answers) {
            body.put("switch", api.control().state().enabled() ? "on" : "off");
            body.put("observe", api.control().observes());
        }
        return Response.status(answers ? 200 : 503).entity(body).build();
    }
}
