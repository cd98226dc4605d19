package io.github.godwit.host.nova;

import java.net.URI;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The host drivers that this one speaks to, and sends the token to. A destination that nova-compute names becomes a URL by the operator's
 * template, and only if it is a host name: it cannot change the port or add a path. Where the operator names the peers, no other host gets
 * the token, whoever names it. A URL in an order comes from somebody who has sent the token already.
 *
 * @param template URL of the host driver of a host, with {@code {host}} in place of its name
 * @param known    host names and addresses of all peers; empty if they are not listed
 */
public record PeerUrls(String template, Set<String> known) {

    /** Stands for the host's name. */
    public static final String HOST = "{host}";

    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,254}");

    /**
     * Checks the URL.
     *
     * @throws IllegalArgumentException when the URL has no place for the host's name
     */
    public PeerUrls {
        if (!template.contains(HOST)) {
            throw new IllegalArgumentException(
                    "The --peers URL '%s' needs {host} in place of the host's name, for example http://{host}:9622."
                            .formatted(template));
        }
        known = Set.copyOf(known);
    }

    /**
     * The URL of the host driver of a host.
     *
     * @throws IllegalArgumentException when the name is not one of a host, or of one that is not a peer
     */
    URI of(String host) {
        if (!HOST_NAME.matcher(host).matches()) {
            throw new IllegalArgumentException("'%s' is not the name of a host.".formatted(host));
        }
        URI url = URI.create(template.replace(HOST, host));
        if (!known.contains(host)) {
            check(url);
        }
        return url;
    }

    /**
     * Passes the URL of a peer.
     *
     * @throws IllegalArgumentException when the peers are listed and it is none of them
     */
    public void check(URI url) {
        if (known.isEmpty() || known.contains(url.getHost())) {
            return;
        }
        if (known.stream()
                .noneMatch(host -> URI.create(template.replace(HOST, host)).equals(url))) {
            throw new IllegalArgumentException(
                    "The host driver at %s gets no token from this one: it is none of its peers. Name its host with --peer."
                            .formatted(url));
        }
    }
}
