package io.github.godwit.strategy.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Texts;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.sql.SQLException;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Formats errors as Watcher does: a JSON object whose only member, {@code error_message}, is a string that contains JSON. Status 401
 * has the format of Keystone's middleware instead.
 */
public final class ServiceErrorMapper implements ExceptionMapper<Throwable> {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceErrorMapper.class);
    private static final int UNAUTHORIZED = 401;
    private static final int SERVER_ERROR = 500;

    /** Class of SQL states. */
    private static final String CONSTRAINT_VIOLATION = "23";

    @Override
    public Response toResponse(Throwable failure) {
        if (failure instanceof ServiceRefusal refusal) {
            Response answer = error(status(refusal), refusal.getMessage());
            refusal.retryAfter()
                    .ifPresent(wait -> answer.getHeaders().putSingle("Retry-After", Math.max(1, wait.toSeconds() + 1)));
            return answer;
        }
        if (failure instanceof Unauthenticated unauthenticated) {
            return unauthenticated(unauthenticated);
        }
        if (failure instanceof JsonProcessingException malformed) {
            return error(400, "The body is not valid JSON: " + malformed.getOriginalMessage());
        }
        if (failure instanceof WebApplicationException web && web.getResponse().getStatus() < SERVER_ERROR) {
            int status = web.getResponse().getStatus();
            return error(status, status == 404 ? "The resource could not be found." : web.getMessage());
        }
        if (alreadyStored(failure)) {
            LOG.debug("Two requests at once", failure);
            return error(409, "Another request has just stored the same. Read it again and retry.");
        }
        LOG.error("A request failed", failure);
        return error(SERVER_ERROR, "Internal error in the service; see its log.");
    }

    /** Two requests may both find a name free and then store it; the database accepts the first one. */
    private static boolean alreadyStored(Throwable failure) {
        return failure instanceof JdbiException
                && failure.getCause() instanceof SQLException cause
                && cause.getSQLState() != null
                && cause.getSQLState().startsWith(CONSTRAINT_VIOLATION);
    }

    private static int status(ServiceRefusal refusal) {
        return switch (refusal.kind()) {
            case INVALID -> 400;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case NOT_ACCEPTABLE -> 406;
            case CONFLICT -> 409;
            case NOT_JSON -> 415;
            case BUSY -> 429;
            case UNAVAILABLE -> 503;
        };
    }

    /** OpenStack's clients expect this format and the header from every service. */
    private static Response unauthenticated(Unauthenticated failure) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("error")
                .put("code", UNAUTHORIZED)
                .put("title", "Unauthorized")
                .put("message", failure.getMessage());
        return Response.status(UNAUTHORIZED)
                .type(MediaType.APPLICATION_JSON)
                .header("WWW-Authenticate", failure.challenge())
                .entity(body)
                .build();
    }

    /** Returns an error response in Watcher's format. */
    static Response error(int status, String message) {
        ObjectNode fault = JsonNodeFactory.instance.objectNode();
        fault.put("faultcode", status < SERVER_ERROR ? "Client" : "Server");
        fault.put("faultstring", message);
        fault.putNull("debuginfo");
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("error_message", Texts.json(fault));
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(body)
                .build();
    }
}
