package io.github.godwit.strategy.rest;

import io.github.godwit.strategy.access.Caller;
import io.github.godwit.strategy.common.ServiceRefusal;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Admits every request without a token, but none that a web page of another origin can make a browser on this machine send: the header
 * {@code Host} must name this machine, which a name that an attacker has pointed to 127.0.0.1 does not; {@code Origin} must be the
 * service's own; and a body must be JSON, which a form cannot send.
 */
public final class NoAuth implements Guard {

    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?(::1|0:0:0:0:0:0:0:1)]?");
    private static final Set<String> JSON = Set.of(MediaType.APPLICATION_JSON, MediaType.APPLICATION_JSON_PATCH_JSON);
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    /** Nothing can be found out by asking again. */
    private static final Duration SELDOM = Duration.ofMinutes(5);

    /** For clients that name this machine {@code localhost} or by a loopback address. */
    public static final NoAuth LOOPBACK_ONLY = new NoAuth(Set.of());

    private final Set<String> hostNames;

    /**
     * Creates a guard.
     *
     * @param hostNames names of this machine that clients may use besides {@code localhost} and loopback addresses
     */
    public NoAuth(Set<String> hostNames) {
        this.hostNames =
                hostNames.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void inspect(ContainerRequestContext request) {
        URI own = request.getUriInfo().getBaseUri();
        String host = host(request).orElse("").toLowerCase(Locale.ROOT);
        if (!LOOPBACK.matcher(host).matches() && !hostNames.contains(host)) {
            throw ServiceRefusal.forbidden(
                    "The header Host names '%s', which is not this machine. Use localhost, or list the name under auth.host_names."
                            .formatted(host));
        }
        String origin = request.getHeaderString("Origin");
        if (origin != null && !isOf(own, origin)) {
            throw ServiceRefusal.forbidden(
                    "A page of another origin (%s) must not use this service while auth.mode is noauth."
                            .formatted(origin));
        }
        if (!READS.contains(request.getMethod())) {
            requireJson(request);
        }
    }

    /** The host that the client names, whatever a header says about a proxy, which a web page can send too. */
    private static Optional<String> host(ContainerRequestContext request) {
        String header = request.getHeaderString(HttpHeaders.HOST);
        try {
            return Optional.ofNullable(
                    header == null
                            ? request.getUriInfo().getBaseUri().getHost()
                            : URI.create("http://" + header).getHost());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isOf(URI own, String origin) {
        try {
            URI other = URI.create(origin);
            return own.getScheme().equalsIgnoreCase(other.getScheme())
                    && own.getHost().equalsIgnoreCase(other.getHost())
                    && port(own) == port(other);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    private static void requireJson(ContainerRequestContext request) {
        boolean body = request.getLength() > 0 || request.getHeaderString("Transfer-Encoding") != null;
        String type = request.getHeaderString(HttpHeaders.CONTENT_TYPE);
        if (type == null ? body : !JSON.contains(withoutParameters(type))) {
            throw ServiceRefusal.notJson("The body is %s. Send JSON, with the header Content-Type: application/json."
                    .formatted(type == null ? "of no type" : type));
        }
    }

    private static String withoutParameters(String type) {
        MediaType parsed = MediaType.valueOf(type);
        return (parsed.getType() + "/" + parsed.getSubtype()).toLowerCase(Locale.ROOT);
    }

    @Override
    public Caller caller(String token, String address) {
        return Caller.NOAUTH;
    }

    @Override
    public void require(Caller caller, String rule) {}

    @Override
    public Duration recheck() {
        return SELDOM;
    }
}
