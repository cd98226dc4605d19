package io.github.godwit.strategy.rest;

import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Instant;

/** Lets requests pass or not. */
@FunctionalInterface
public interface Guard {

    /** Lets everything pass; for loopback only. */
    Guard OPEN = (method, path, token) -> {};

    /**
     * Returns when a request may pass.
     *
     * @param method HTTP method
     * @param path   path below the root, without a slash before it
     * @param token  what the request shows, or null
     * @throws Unauthenticated when it has to show a token first
     * @throws ServiceRefusal         when whoever sends it may not, or it cannot be found out who does
     */
    void admit(String method, String path, String token);

    /**
     * A token for a user.
     *
     * @throws ServiceRefusal when name, password or project are wrong, or users need not sign in
     */
    default Session signIn(Credentials credentials) {
        throw ServiceRefusal.notFound("This service asks for no token.");
    }

    /**
     * Who signs in.
     *
     * @param user     name
     * @param password password
     * @param project  name of the project
     * @param domain   name of the domain of both
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
     * @param token   what to send as {@code X-Auth-Token}
     * @param user    name
     * @param expires when the token ends
     */
    record Session(String token, String user, Instant expires) {

        @Override
        public String toString() {
            return "a session of %s until %s".formatted(user, expires);
        }
    }
}
