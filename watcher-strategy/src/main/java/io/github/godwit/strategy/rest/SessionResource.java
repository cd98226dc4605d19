package io.github.godwit.strategy.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.godwit.common.rest.RemoteAddress;
import io.github.godwit.strategy.access.Caller;
import io.github.godwit.strategy.access.Throttle;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.TextRule;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/** {@code /godwit/v1/session}: signs users of the page in. */
@Path("/" + SessionResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
public final class SessionResource {

    static final String PATH = "godwit/v1/session";
    private static final String DEFAULT_DOMAIN = "Default";

    /** Sign-ins that fail, by remote address and minute; Keystone has limits of its own for each user. */
    private static final int MOST_FAILED = 10;

    /** Each holds a worker while its body comes and while Keystone is asked. */
    private static final int MOST_AT_ONCE = 8;

    private final Guard guard;
    private final Throttle throttle;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    /** Creates the resource; {@code guard} checks the credentials. */
    public SessionResource(Guard guard, Clock clock) {
        this.guard = guard;
        this.throttle = new Throttle("sign-ins", MOST_FAILED, Duration.ofMinutes(1), clock);
    }

    /**
     * Requests a token from Keystone on behalf of a user. The service stores neither the token nor the password. The body is received only
     * if there is a place, because nobody has proved anything yet.
     *
     * @throws IOException if the body cannot be received, or is not JSON
     */
    @POST
    public Response signIn(@Context ContainerRequestContext request) throws IOException {
        String address = RemoteAddress.of(request);
        throttle.attempt(address);
        if (!places.tryAcquire()) {
            throttle.succeeded(address);
            throw ServiceRefusal.busy(
                    "%d sign-ins are being checked already. Try again.".formatted(MOST_AT_ONCE), Duration.ofSeconds(5));
        }
        try {
            Response answer = signIn(request, request.getEntityStream());
            throttle.succeeded(address);
            return answer;
        } finally {
            places.release();
        }
    }

    private Response signIn(ContainerRequestContext request, InputStream stream) throws IOException {
        JsonNode body = RequestBody.object(stream, "user", "password", "project", "domain");
        TrailNotes.caller(request, Caller.unproven(TextRule.CREDENTIAL.check(RequestBody.required(body, "user"))));
        TrailNotes.target(request, body.path("user").textValue());
        String domain = RequestBody.text(body, "domain");
        Guard.Session session = guard.signIn(new Guard.Credentials(
                TextRule.CREDENTIAL.check(RequestBody.required(body, "user")),
                TextRule.CREDENTIAL.check(RequestBody.required(body, "password")),
                TextRule.CREDENTIAL.check(RequestBody.required(body, "project")),
                domain == null ? DEFAULT_DOMAIN : TextRule.CREDENTIAL.check(domain)));
        JsonNode answer = JsonNodeFactory.instance
                .objectNode()
                .put("token", session.token())
                .put("user", session.user())
                .put("expires_at", session.expires().toString());
        return Response.status(Response.Status.CREATED)
                .entity(answer)
                .header("Cache-Control", "no-store")
                .build();
    }
}
