package io.github.godwit.strategy.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** Lets requests pass or not. */
@FunctionalInterface
public interface Guard {

    /** Lets everything pass; for loopback only. */
    Guard OPEN = request -> Optional.empty();

    /** The answer to a request that must not pass, or nothing. */
    Optional<Response> refusal(ContainerRequestContext request);
}
