package io.github.godwit.nova;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.openstack4j.api.exceptions.AuthenticationException;
import org.openstack4j.api.exceptions.OS4JException;
import org.openstack4j.model.identity.v3.Role;
import org.openstack4j.model.identity.v3.Token;

/** A client of Keystone's identity API, version 3. It validates tokens and issues tokens to users. Thread-safe. */
public final class Keystone {

    /** Tokens are sent in a header, so they contain visible ASCII only; servers limit the length of headers. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,8192}");

    private final OpenStackSession session;

    /** Creates a client; the user of the session needs a role that may validate the tokens of other users. */
    public Keystone(OpenStackSession session) {
        this.session = session;
    }

    /**
     * The user of a token.
     *
     * @param id      id of the user
     * @param user    name of the user
     * @param project id of the project that the token is scoped to, or null
     * @param roles   names of the roles of the user in the scope of the token
     * @param expires when the token expires
     */
    public record Caller(String id, String user, String project, Set<String> roles, Instant expires) {
        private static Caller of(Token token) {
            Set<String> roles = token.getRoles() == null
                    ? Set.of()
                    : token.getRoles().stream().map(Role::getName).collect(toUnmodifiableSet());
            return new Caller(
                    token.getUser().getId(),
                    token.getUser().getName(),
                    token.getProject() == null ? null : token.getProject().getId(),
                    roles,
                    token.getExpires().toInstant());
        }
    }

    /**
     * A token that was issued for a password.
     *
     * @param token  the token
     * @param caller the user of the token
     */
    public record SignedIn(String token, Caller caller) {

        @Override
        public String toString() {
            return "a token of " + caller;
        }
    }

    /** Returns the base URL of the API. */
    public URI url() {
        return session.keystone();
    }

    /**
     * Validates a token.
     *
     * @return the user of the token, or nothing if the token is unknown, expired or revoked
     * @throws OpenStackException if Keystone does not answer or reports an error
     */
    public Optional<Caller> caller(String token) {
        if (!TOKEN.matcher(token).matches()) {
            return Optional.empty();
        }
        return Optional.ofNullable(
                        session.call(client -> client.identity().tokens().get(token)))
                .map(Caller::of);
    }

    /**
     * Issues a token to a user.
     *
     * @return the token, or nothing if the name, password, project or domain is wrong
     * @throws OpenStackException if Keystone does not answer or reports an error
     */
    public Optional<SignedIn> signIn(OpenStackUser user) {
        try {
            Token token = session.authenticated(user).getToken();
            return Optional.of(new SignedIn(token.getId(), Caller.of(token)));
        } catch (AuthenticationException e) {
            return Optional.empty();
        } catch (OS4JException e) {
            throw session.failure(e);
        }
    }
}
