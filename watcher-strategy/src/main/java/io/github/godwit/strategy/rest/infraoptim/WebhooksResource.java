package io.github.godwit.strategy.rest.infraoptim;

import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.ApiVersion;
import io.github.godwit.strategy.rest.TrailNotes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** {@code /v1/webhooks}: triggers of audits. */
@Path("/v1/webhooks")
@Produces(MediaType.APPLICATION_JSON)
public final class WebhooksResource {

    private final Api api;

    /** Creates the resource. */
    public WebhooksResource(Api api) {
        this.api = api;
    }

    /** Runs an audit of type EVENT now, unless the service is switched off. */
    @POST
    @Path("{audit}")
    public Response trigger(@Context ContainerRequestContext request, @PathParam("audit") String audit) {
        if (!ApiVersion.of(request).knows(ApiVersion.WEBHOOK)) {
            throw ServiceRefusal.notAcceptable("Request not acceptable.");
        }
        api.control().requireOn();
        TrailNotes.target(request, api.audits().trigger(audit));
        return Response.accepted().build();
    }
}
