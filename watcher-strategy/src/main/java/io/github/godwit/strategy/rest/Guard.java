package io.github.godwit.strategy.rest;

import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Instant;

/** Authorizes requests, and issues tokens to users. */
@FunctionalInterface
public interface Guard {

    /** Admits every request. Only for services that listen on loopback. */
    Guard OPEN = (method, path, token) -> {};

    /**
     * Authorizes a request: returns normally if it is allowed.
     *
     * @param method HTTP method
     * @param path   path below the root, without a leading slash
     * @param token  value of {@code X-Auth-Token}, or null
     * @throws Unauthenticated if the token is missing or not valid
     * @throws ServiceRefusal  if the user is not allowed to do this, or the token cannot be validated now
     */
    void admit(String method, String path, String token);

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
