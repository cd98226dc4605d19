package io.github.godwit.strategy.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.godwit.strategy.common.TextRule;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;

/** {@code /godwit/v1/session}: signs users of the page in. */
@Path("/" + SessionResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
public final class SessionResource {

    static final String PATH = "godwit/v1/session";
    private static final String DEFAULT_DOMAIN = "Default";

    private final Guard guard;

    /** Creates the resource; {@code guard} checks the credentials. */
    public SessionResource(Guard guard) {
        this.guard = guard;
    }

    /**
     * Requests a token from Keystone on behalf of a user. The service stores neither the token nor the password.
     *
     * @throws IOException if the body cannot be received, or is not JSON
     */
    @POST
    public Response signIn(InputStream stream) throws IOException {
        JsonNode body = RequestBody.object(stream, "user", "password", "project", "domain");
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
