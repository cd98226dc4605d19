package io.github.godwit.strategy.rest;

import io.github.godwit.strategy.access.Caller;
import io.github.godwit.strategy.common.ServiceRefusal;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.time.Duration;
import java.time.Instant;

/** Authorizes requests, and issues tokens to users. */
public interface Guard {

    /**
     * Checks what has to be right of every request, public ones included, before anything else is read of it.
     *
     * @throws ServiceRefusal if the request is refused whoever makes it
     */
    default void inspect(ContainerRequestContext request) {}

    /**
     * Returns who makes a request.
     *
     * @param token   value of {@code X-Auth-Token}, or null
     * @param address where the request comes from, whose wrong tokens are limited; null to ask again for a user who was admitted before
     * @throws Unauthenticated if the token is missing or not valid
     * @throws ServiceRefusal  if the token cannot be validated now
     */
    Caller caller(String token, String address);

    /**
     * Returns normally if a user may do something.
     *
     * @param rule name of the rule, such as {@code audit:create}
     * @throws ServiceRefusal if not
     */
    void require(Caller caller, String rule);

    /**
     * Returns how often those who stay connected are asked for again whether they may: at most as long as a revoked token is accepted
     * anyway.
     */
    Duration recheck();

    /**
     * Issues a token to a user.
     *
     * @throws ServiceRefusal if the name, password or project is wrong, if the service needs no tokens, or if Keystone does not
     *                        answer
     */
    default Session signIn(Credentials credentials) {
        throw ServiceRefusal.notFound("This service does not use tokens (auth.mode is noauth).");
    }

    /**
     * The credentials of a user who signs in.
     *
     * @param user     name of the user
     * @param password password of the user
     * @param project  name of the project that the token is scoped to
     * @param domain   name of the domain of both the user and the project
     */
    record Credentials(String user, String password, String project, String domain) {

        @Override
        public String toString() {
            return "%s in %s of %s".formatted(user, project, domain);
        }
    }

    /**
     * A user who has signed in.
     *
     * @param token   the token, to be sent as {@code X-Auth-Token}
     * @param user    name of the user
     * @param expires when the token expires
     */
    record Session(String token, String user, Instant expires) {

        @Override
        public String toString() {
            return "a session of %s until %s".formatted(user, expires);
        }
    }
}
