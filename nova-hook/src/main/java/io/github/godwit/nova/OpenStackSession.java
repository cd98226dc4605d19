package io.github.godwit.nova;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.openstack4j.api.OSClient.OSClientV3;
import org.openstack4j.api.exceptions.AuthenticationException;
import org.openstack4j.api.exceptions.OS4JException;
import org.openstack4j.api.exceptions.ResponseException;
import org.openstack4j.core.transport.Config;
import org.openstack4j.model.common.Identifier;
import org.openstack4j.model.identity.v3.Token;
import org.openstack4j.openstack.OSFactory;

/**
 * One user's access to a cloud: a token that is got when it is first needed and again before it ends. For use by many
 * threads, each of which gets a client of its own, since openstack4j's belong to one.
 */
public final class OpenStackSession {

    /** A token is not used for the last of its time: a request may wait on its way. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    private final URI keystone;
    private final OpenStackUser user;
    private final Config config;
    private volatile Token own;

    /**
     * A session; it asks nothing yet.
     *
     * @param keystone base of Keystone's API, with its version, such as {@code http://controller:5000/v3}
     * @param user     who uses it
     * @param timeout  of connecting and of each answer
     */
    public OpenStackSession(URI keystone, OpenStackUser user, Duration timeout) {
        this.keystone = keystone;
        this.user = user;
        this.config = Config.newConfig()
                .withConnectionTimeout(Math.toIntExact(timeout.toMillis()))
                .withReadTimeout(Math.toIntExact(timeout.toMillis()));
    }

    /** Base of Keystone's API. */
    public URI keystone() {
        return keystone;
    }

    /**
     * Does something with a client.
     *
     * @throws OpenStackException when the cloud cannot be asked, does not accept the user or answers with an error
     */
    <T> T call(Function<OSClientV3, T> work) {
        try {
            // A client gets itself a new token when its own is refused, for example because it was revoked.
            Token last = own;
            OSClientV3 client = ends(last) ? authenticated(user) : OSFactory.clientFromToken(last, config);
            T result = work.apply(client);
            own = client.getToken();
            return result;
        } catch (AuthenticationException e) {
            own = null;
            throw new OpenStackException(
                    e.getStatus(), "Keystone at %s does not accept %s.".formatted(keystone, user), e);
        } catch (OS4JException e) {
            throw failure(e);
        }
    }

    /** Whether a token is too old for another request. */
    private static boolean ends(Token token) {
        return token == null
                || token.getExpires() == null
                || token.getExpires().toInstant().isBefore(Instant.now().plus(MARGIN));
    }

    /** A client of another user's, or of this one when its token is not known to be valid. */
    OSClientV3 authenticated(OpenStackUser who) {
        return OSFactory.builderV3()
                .endpoint(keystone.toString())
                .credentials(who.name(), who.password(), Identifier.byName(who.domain()))
                .scopeToProject(Identifier.byName(who.project()), Identifier.byName(who.projectDomain()))
                .withConfig(config)
                .authenticate();
    }

    OpenStackException failure(OS4JException e) {
        int status = e instanceof ResponseException response ? response.getStatus() : OpenStackException.NO_ANSWER;
        return new OpenStackException(
                status, "The cloud of Keystone %s cannot be asked: %s".formatted(keystone, e.getMessage()), e);
    }
}
