package io.github.godwit.nova;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openstack4j.model.identity.v3.Endpoint;
import org.openstack4j.model.identity.v3.Token;

/**
 * Prometheus behind Aetos (OpenStack 2025.2), which wants a token of Keystone in {@code X-Auth-Token} and takes queries by GET only. Users
 * with the role admin or service in the project of the token see all series, others those of their project. As Watcher's datasource
 * {@code aetos} does, it takes the address from the catalog, where its service has the type {@code metric-storage}.
 */
public final class AetosAccess implements PrometheusAccess {

    private static final String SERVICE_TYPE = "metric-storage";

    private final OpenStackSession session;
    private final Choice wanted;

    /**
     * Which endpoint is used.
     *
     * @param face   interface in the catalog: public, internal or admin
     * @param region region in the catalog, or null if there is only one
     * @param url    base URL to use instead of the catalog's, or null
     */
    public record Choice(String face, String region, URI url) {}

    /** Creates an access; it does not connect before the first query. */
    public AetosAccess(OpenStackSession session, Choice wanted) {
        this.session = session;
        this.wanted = wanted;
    }

    @Override
    public String name() {
        return "Aetos";
    }

    @Override
    public boolean posts() {
        return false;
    }

    @Override
    public Grant grant() {
        Token token = session.token();
        return new Grant(wanted.url() == null ? found(token) : wanted.url(), "X-Auth-Token", token.getId());
    }

    @Override
    public boolean renew(Grant refused) {
        session.discard(refused.secret());
        return true;
    }

    @Override
    public String denied() {
        return "The user of this service needs the role admin or service in its project.";
    }

    private URI found(Token token) {
        List<? extends Endpoint> endpoints = token.getCatalog().stream()
                .filter(service -> SERVICE_TYPE.equals(service.getType()))
                .flatMap(service -> service.getEndpoints().stream())
                .filter(each -> each.getIface() != null
                        && each.getIface().value().toLowerCase(Locale.ROOT).startsWith(wanted.face()))
                .filter(each -> wanted.region() == null || wanted.region().equals(region(each)))
                .toList();
        if (endpoints.isEmpty()) {
            throw failure("has no %s endpoint of type %s%s. Create it, or configure its URL."
                    .formatted(
                            wanted.face(),
                            SERVICE_TYPE,
                            wanted.region() == null ? "" : " in region " + wanted.region()));
        }
        if (endpoints.stream().map(AetosAccess::region).distinct().count() > 1) {
            throw failure("has endpoints of type %s in several regions: %s. Configure one of them."
                    .formatted(
                            SERVICE_TYPE,
                            endpoints.stream()
                                    .map(AetosAccess::region)
                                    .distinct()
                                    .sorted()
                                    .collect(Collectors.joining(", "))));
        }
        return URI.create(endpoints.get(0).getUrl().toString());
    }

    private static String region(Endpoint endpoint) {
        return Optional.ofNullable(endpoint.getRegionId())
                .or(() -> Optional.ofNullable(endpoint.getRegion()))
                .orElse("");
    }

    private OpenStackException failure(String reason) {
        return new OpenStackException(
                OpenStackException.NO_ANSWER,
                "The catalog of Keystone at %s %s".formatted(session.keystone(), reason),
                null);
    }

    @Override
    public String toString() {
        return "Aetos of Keystone at " + session.keystone();
    }
}
