package io.github.godwit.nova;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.openstack4j.api.OSClient.OSClientV3;
import org.openstack4j.api.exceptions.AuthenticationException;
import org.openstack4j.api.exceptions.OS4JException;
import org.openstack4j.core.transport.Config;
import org.openstack4j.model.common.Identifier;
import org.openstack4j.model.identity.v3.Role;
import org.openstack4j.model.identity.v3.Token;
import org.openstack4j.openstack.OSFactory;

/** Keystone's identity API, version 3: tells whose a token is, and gives users tokens. For use by many threads. */
public final class Keystone {

    /** What a token may consist of: what a header can hold, no longer than servers take. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,8192}");

    private final URI url;
    private final User self;
    private final Config config;
    private volatile Token own;

    /**
     * A client; it asks nothing yet.
     *
     * @param url     base of the API, with its version, such as {@code http://controller:5000/v3}
     * @param self    who asks for other users' tokens; of a role that may
     * @param timeout of connecting and of each answer
     */
    public Keystone(URI url, User self, Duration timeout) {
        this.url = url;
        this.self = self;
        this.config = Config.newConfig()
                .withConnectionTimeout(Math.toIntExact(timeout.toMillis()))
                .withReadTimeout(Math.toIntExact(timeout.toMillis()));
    }

    /**
     * Who signs in, to which project.
     *
     * @param name          name of the user
     * @param password      its password
     * @param domain        name of the user's domain
     * @param project       name of the project
     * @param projectDomain name of the project's domain
     */
    public record User(String name, String password, String domain, String project, String projectDomain) {

        @Override
        public String toString() {
            return "%s of %s in project %s of %s".formatted(name, domain, project, projectDomain);
        }
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
        return url;
    }

    /**
     * Whose a token is; nothing for one that is unknown, has ended or was taken back.
     *
     * @throws KeystoneException when Keystone cannot be asked
     */
    public Optional<Caller> caller(String token) {
        if (!TOKEN.matcher(token).matches()) {
            return Optional.empty();
        }
        try {
            // A client belongs to one thread, and gets itself a new token when its own has ended.
            OSClientV3 client = own == null ? authenticated(self) : OSFactory.clientFromToken(own, config);
            Token found = client.identity().tokens().get(token);
            own = client.getToken();
            return Optional.ofNullable(found).map(Caller::of);
        } catch (AuthenticationException e) {
            own = null;
            throw new KeystoneException(
                    "Keystone at %s does not accept the service's own user, %s.".formatted(url, self), e);
        } catch (OS4JException e) {
            throw unreachable(e);
        }
    }

    /**
     * A token for a user, or nothing when name, password or project are wrong.
     *
     * @throws KeystoneException when Keystone cannot be asked
     */
    public Optional<SignedIn> signIn(User user) {
        try {
            Token token = authenticated(user).getToken();
            return Optional.of(new SignedIn(token.getId(), Caller.of(token)));
        } catch (AuthenticationException e) {
            return Optional.empty();
        } catch (OS4JException e) {
            throw unreachable(e);
        }
    }

    private OSClientV3 authenticated(User user) {
        return OSFactory.builderV3()
                .endpoint(url.toString())
                .credentials(user.name(), user.password(), Identifier.byName(user.domain()))
                .scopeToProject(Identifier.byName(user.project()), Identifier.byName(user.projectDomain()))
                .withConfig(config)
                .authenticate();
    }

    private KeystoneException unreachable(OS4JException e) {
        return new KeystoneException("Keystone at %s cannot be asked: %s".formatted(url, e.getMessage()), e);
    }
}
