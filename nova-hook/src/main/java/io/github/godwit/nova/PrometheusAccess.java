package io.github.godwit.nova;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** How Prometheus is reached: directly, through a proxy with a password or a token, or through Aetos with Keystone. Thread-safe. */
public interface PrometheusAccess {

    /**
     * What one request needs.
     *
     * @param url    base URL, without {@code /api/v1}
     * @param header name of the header that authorizes the request, or null
     * @param secret value of that header, or null
     */
    record Grant(URI url, String header, String secret) {

        @Override
        public String toString() {
            return "access to " + url;
        }
    }

    /** Returns the name of what is reached, for messages. */
    String name();

    /** Returns whether a query may be the body of a POST; else it is a part of the URL. */
    boolean posts();

    /**
     * Returns what the next request needs.
     *
     * @throws OpenStackException if Keystone does not answer, rejects the user, or has no endpoint
     */
    Grant grant();

    /** Takes note that a request was answered by 401; returns whether another one with a new grant may succeed. */
    boolean renew(Grant refused);

    /** Returns what the operator can do about an answer 401 or 403, as a sentence. */
    String denied();

    /** Prometheus, or a proxy that lets everybody in. */
    static PrometheusAccess open(URI url) {
        return new Direct(url, null);
    }

    /** A proxy that wants a bearer token. */
    static PrometheusAccess bearer(URI url, String token) {
        return new Direct(url, "Bearer " + token);
    }

    /** Prometheus with {@code basic_auth_users}, or a proxy that wants a password. */
    static PrometheusAccess basic(URI url, String user, String password) {
        return new Direct(
                url,
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(
                                        "%s:%s".formatted(user, password).getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * An address and what authorizes requests there.
     *
     * @param url           base URL
     * @param authorization value of the header {@code Authorization}, or null
     */
    record Direct(URI url, String authorization) implements PrometheusAccess {

        @Override
        public String name() {
            return "Prometheus";
        }

        @Override
        public boolean posts() {
            return true;
        }

        @Override
        public Grant grant() {
            return new Grant(url, authorization == null ? null : "Authorization", authorization);
        }

        @Override
        public boolean renew(Grant refused) {
            return false;
        }

        @Override
        public String denied() {
            return authorization == null
                    ? "It wants a user with a password, or a token."
                    : "It refuses the user or the token that are configured.";
        }

        @Override
        public String toString() {
            return "Prometheus at " + url;
        }
    }
}
