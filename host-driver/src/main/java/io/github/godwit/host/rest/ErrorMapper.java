package io.github.godwit.host.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.godwit.host.common.Refusal;
import io.github.godwit.hostapi.ApiError;
import io.github.godwit.hostapi.client.HostDriverException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Maps every failure to a status code and an {@link ApiError}. Stack traces are only logged. */
final class ErrorMapper implements ExceptionMapper<Throwable> {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorMapper.class);
    private static final int BAD_REQUEST = 400;
    private static final int INTERNAL = 500;
    private static final int BAD_GATEWAY = 502;

    @Override
    public Response toResponse(Throwable failure) {
        if (failure instanceof Refusal refusal) {
            return answer(status(refusal.kind()), refusal.getMessage());
        }
        if (failure instanceof HostDriverException peer) {
            return answer(peer.notFound() ? 404 : BAD_GATEWAY, peer.getMessage());
        }
        if (failure instanceof NotFoundException) {
            return answer(404, "There is no route for this path. GET /v1/openapi.json lists the routes.");
        }
        if (failure instanceof WebApplicationException http) {
            return answer(http.getResponse().getStatus(), http.getMessage());
        }
        if (failure instanceof JsonProcessingException json) {
            return answer(BAD_REQUEST, JsonErrors.describe(json));
        }
        if (failure instanceof IllegalArgumentException) {
            LOG.debug("Bad request", failure);
            return answer(BAD_REQUEST, failure.getMessage());
        }
        LOG.error("A request failed", failure);
        if (failure instanceof IOException) {
            return answer(INTERNAL, failure.getMessage());
        }
        return answer(INTERNAL, "Internal error of the host driver. Its log contains the details.");
    }

    private static int status(Refusal.Kind kind) {
        return switch (kind) {
            case UNKNOWN -> 404;
            case CONFLICT -> 409;
        };
    }

    static Response answer(int status, String message) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(new ApiError(message))
                .build();
    }
}
