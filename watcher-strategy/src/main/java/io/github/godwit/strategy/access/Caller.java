package io.github.godwit.strategy.access;

import java.time.Instant;
import java.util.Set;

/**
 * Who makes a request.
 *
 * @param id      id of the user, or null if only the name is known
 * @param name    name of the user
 * @param project id of the project that the token is scoped to, or null
 * @param roles   names of the user's roles in that project
 * @param expires when the token expires
 */
public record Caller(String id, String name, String project, Set<String> roles, Instant expires) {

    /** Everybody, while requests need no token ({@code auth.mode} is {@code noauth}). */
    public static final Caller NOAUTH = new Caller("noauth", "noauth", null, Set.of("admin"), Instant.MAX);

    /** Copies the roles. */
    public Caller {
        roles = Set.copyOf(roles);
    }

    /** Returns somebody who has given a name and proved nothing yet. */
    public static Caller unproven(String name) {
        return new Caller(null, name, null, Set.of(), Instant.MAX);
    }
}
