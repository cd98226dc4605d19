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
 * A user's access to a cloud. The token is requested when it is first needed, and renewed before it expires. Thread-safe: each call
 * uses its own client, because clients of openstack4j are bound to a thread.
 */
public final class OpenStackSession {

    /** A token is renewed this long before it expires, because a request may be delayed. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    /** A call gets a token and may read several pages of a list. */
    private static final int REQUESTS_OF_A_CALL = 6;

    private final URI keystone;
    private final OpenStackUser user;
    private final Config config;
    private final CallDeadline deadline;
    private volatile Token token;

    /**
     * Creates a session. It does not connect before the first call.
     *
     * @param keystone base URL of Keystone's API, with its version, such as {@code http://controller:5000/v3}
     * @param user     the user
     * @param timeout  timeout of connecting and of each response; a whole call may take six times as long
     */
    public OpenStackSession(URI keystone, OpenStackUser user, Duration timeout) {
        this.keystone = keystone;
        this.user = user;
        this.deadline = new CallDeadline(timeout.multipliedBy(REQUESTS_OF_A_CALL));
        this.config = Config.newConfig()
                .withConnectionTimeout(Math.toIntExact(timeout.toMillis()))
                .withReadTimeout(Math.toIntExact(timeout.toMillis()));
    }

    /** Returns the base URL of Keystone's API. */
    public URI keystone() {
        return keystone;
    }

    /**
     * Calls the cloud with an authenticated client.
     *
     * @throws OpenStackException if the cloud does not answer, rejects the user or reports an error
     */
    <T> T call(Function<OSClientV3, T> work) {
        return deadline.call(() -> callNow(work));
    }

    /**
     * Returns a token that does not expire soon, with the catalog.
     *
     * @throws OpenStackException if Keystone does not answer or rejects the user
     */
    Token token() {
        return call(OSClientV3::getToken);
    }

    /** Takes note that a service has refused a token, so that the next call requests another one. */
    void discard(String id) {
        Token last = token;
        if (last != null && last.getId().equals(id)) {
            token = null;
        }
    }

    private <T> T callNow(Function<OSClientV3, T> work) {
        try {
            // A client requests a new token itself if its token is rejected, for example because it was revoked.
            Token last = token;
            OSClientV3 client = expiresSoon(last) ? authenticated(user) : OSFactory.clientFromToken(last, config);
            T result = work.apply(client);
            token = client.getToken();
            return result;
        } catch (AuthenticationException e) {
            token = null;
            throw new OpenStackException(e.getStatus(), "Keystone at %s rejected %s.".formatted(keystone, user), e);
        } catch (OS4JException e) {
            throw failure(e);
        }
    }

    /** Returns whether a token is missing, or expires too soon for another request. */
    private static boolean expiresSoon(Token token) {
        return token == null
                || token.getExpires() == null
                || token.getExpires().toInstant().isBefore(Instant.now().plus(MARGIN));
    }

    /** Authenticates a user, and returns a client with its new token. */
    OSClientV3 authenticated(OpenStackUser who) {
        // A client belongs to the thread that made it, and is used on it.
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
                status, "A request to the cloud of Keystone at %s failed: %s".formatted(keystone, e.getMessage()), e);
    }
}
