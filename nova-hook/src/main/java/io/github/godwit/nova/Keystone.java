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

/** Keystone's identity API, version 3: tells whose a token is, and gives users tokens. For use by many threads. */
public final class Keystone {

    /** What a token may consist of: what a header can hold, no longer than servers take. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,8192}");

    private final OpenStackSession session;

    /** Asks as a user of a role that may ask for other users' tokens. */
    public Keystone(OpenStackSession session) {
        this.session = session;
    }

    /**
     * Whose a token is.
     *
     * @param user    name of the user
     * @param roles   names of the roles that the user has in the token's scope
     * @param expires when the token ends
     */
    public record Caller(String user, Set<String> roles, Instant expires) {
        private static Caller of(Token token) {
            Set<String> roles = token.getRoles() == null
                    ? Set.of()
                    : token.getRoles().stream().map(Role::getName).collect(toUnmodifiableSet());
            return new Caller(
                    token.getUser().getName(), roles, token.getExpires().toInstant());
        }
    }

    /**
     * What a user gets for a password.
     *
     * @param token  the token
     * @param caller whose it is
     */
    public record SignedIn(String token, Caller caller) {

        @Override
        public String toString() {
            return "a token of " + caller;
        }
    }

    /** Base of the API. */
    public URI url() {
        return session.keystone();
    }

    /**
     * Whose a token is; nothing for one that is unknown, has ended or was taken back.
     *
     * @throws OpenStackException when Keystone cannot be asked
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
     * A token for a user, or nothing when name, password or project are wrong.
     *
     * @throws OpenStackException when Keystone cannot be asked
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
