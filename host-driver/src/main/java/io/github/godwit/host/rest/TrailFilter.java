package io.github.godwit.host.rest;

import io.github.godwit.common.rest.PeerCertificate;
import io.github.godwit.common.rest.RemoteAddress;
import io.github.godwit.common.tls.CertificateNames;
import io.github.godwit.host.trail.HostTrail;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.VmStatus;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.glassfish.jersey.server.ExtendedUriInfo;

/**
 * Writes a line of the audit trail for each request that changes something, or was to. Requests without the token, or without a
 * certificate, change nothing and leave no line.
 */
final class TrailFilter implements ContainerResponseFilter {

    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    /** Part of a migration, once a second: what is reserved here follows what its source reserves. */
    private static final String RATE = "rate";

    private static final Map<String, String> TYPES = Map.of(
            "incoming", "migration",
            "migrations", "migration",
            "vms", "vm",
            "policies", "policy_set",
            "switch", "switch");

    private static final Map<String, String> ACTIONS = Map.of(
            "POST incoming", "prepare",
            "DELETE incoming", "abandon",
            "POST migrations", "start",
            "DELETE migrations", "cancel",
            "POST vms", "create",
            "DELETE vms", "delete");

    private final HostTrail trail;

    TrailFilter(HostTrail trail) {
        this.trail = trail;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (READS.contains(request.getMethod())
                || !isRoute(request.getUriInfo())
                || response.getStatus() == Response.Status.UNAUTHORIZED.getStatusCode()) {
            return;
        }
        String path = request.getUriInfo().getPath().replaceFirst("/+$", "");
        List<String> parts = List.of(path.split("/", -1));
        String plural = parts.size() > 1 ? parts.get(1) : "";
        String last = parts.get(parts.size() - 1);
        boolean nested = parts.size() > 3;
        if (nested && RATE.equals(last)) {
            return;
        }
        trail.asked(
                nested ? last : ACTIONS.getOrDefault(request.getMethod() + " " + plural, "update"),
                TYPES.getOrDefault(plural, plural),
                target(request, response).orElse(null),
                new HostTrail.Cause(who(request), RemoteAddress.of(request), "/" + path, response.getStatus()));
    }

    private static boolean isRoute(UriInfo uri) {
        return uri instanceof ExtendedUriInfo known && known.getMatchedResourceMethod() != null;
    }

    private static Optional<String> target(ContainerRequestContext request, ContainerResponseContext response) {
        MultivaluedMap<String, String> parameters = request.getUriInfo().getPathParameters();
        return Optional.ofNullable(parameters.getFirst("id"))
                .or(() -> Optional.ofNullable(parameters.getFirst("name")))
                .or(() -> made(response.getEntity()));
    }

    private static Optional<String> made(Object entity) {
        if (entity instanceof MigrationStatus status) {
            return Optional.of(status.id());
        } else if (entity instanceof IncomingTicket ticket) {
            return Optional.of(ticket.migrationId());
        }
        return entity instanceof VmStatus vm ? Optional.of(vm.name()) : Optional.empty();
    }

    private static String who(ContainerRequestContext request) {
        return PeerCertificate.of(request)
                .map(CertificateNames::describe)
                .orElse(request.getHeaderString(HttpHeaders.AUTHORIZATION) == null ? "anybody" : "token");
    }
}
