package io.github.godwit.host.access;

import io.github.godwit.common.rest.PeerCertificate;
import io.github.godwit.common.tls.CertificateNames;
import io.github.godwit.hostapi.ApiError;
import io.github.godwit.hostapi.IncomingTicket;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.lang.reflect.Method;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.glassfish.jersey.server.ExtendedUriInfo;

/**
 * Decides by the client's certificate what it may call. The service, a client with the token, and this host itself may call every route;
 * other host drivers only those {@link ForPeers}, and of a migration that one of them has prepared, only that one. A certificate that has
 * expired since its connection was made, or whose authority is not trusted any more, is refused.
 */
@Priority(Priorities.AUTHENTICATION)
final class CertificateFilter implements ContainerRequestFilter, ContainerResponseFilter {

    private final Set<String> services;
    private final Optional<Token> token;
    private final Supplier<X509Certificate> own;
    private final Predicate<List<X509Certificate>> trusted;
    private final Preparers preparers = new Preparers();

    /**
     * @param services names of the service
     * @param token    the token that opens every route; empty if there is none
     * @param own      the certificate of this host
     * @param trusted  whether a client's certificates are of an authority that is trusted now
     */
    CertificateFilter(
            Set<String> services,
            Optional<Token> token,
            Supplier<X509Certificate> own,
            Predicate<List<X509Certificate>> trusted) {
        this.services = services;
        this.token = token;
        this.own = own;
        this.trusted = trusted;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        refusal(request).ifPresent(request::abortWith);
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getEntity() instanceof IncomingTicket ticket) {
            PeerCertificate.of(request).ifPresent(certificate -> preparers.prepared(ticket.migrationId(), certificate));
        }
    }

    private Optional<Response> refusal(ContainerRequestContext request) {
        Optional<X509Certificate> given = PeerCertificate.of(request);
        if (given.isEmpty()) {
            return Optional.of(forbidden("This host driver needs a certificate of its client."));
        }
        X509Certificate certificate = given.get();
        String name = CertificateNames.describe(certificate);
        try {
            certificate.checkValidity();
        } catch (CertificateException e) {
            return Optional.of(forbidden("The certificate of %s is valid from %s to %s only."
                    .formatted(
                            name,
                            certificate.getNotBefore().toInstant(),
                            certificate.getNotAfter().toInstant())));
        }
        if (!trusted.test(PeerCertificate.chain(request))) {
            return Optional.of(forbidden(
                    "The certificate of %s is of no authority that this host driver trusts now.".formatted(name)));
        }
        String authorization = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        if (token.isPresent() && authorization != null) {
            return token.get().matches(authorization) ? Optional.empty() : Optional.of(TokenFilter.refusal());
        }
        if (isService(certificate) || isOwn(certificate)) {
            return Optional.empty();
        }
        if (isForPeers(request)) {
            return ofAnother(request, certificate);
        }
        return Optional.of(forbidden(
                "The certificate is that of %s, a peer, which may call only what the source of a migration needs. For everything else use that of %s, the service, or the token."
                        .formatted(name, String.join(" or ", services))));
    }

    private Optional<Response> ofAnother(ContainerRequestContext request, X509Certificate peer) {
        String migration = request.getUriInfo().getPathParameters().getFirst("id");
        if (migration == null || preparers.mayContinue(migration, peer)) {
            return Optional.empty();
        }
        return Optional.of(forbidden("Migration %s was prepared by another host than %s."
                .formatted(migration, CertificateNames.describe(peer))));
    }

    private boolean isService(X509Certificate certificate) {
        return !Collections.disjoint(CertificateNames.of(certificate), services);
    }

    private boolean isOwn(X509Certificate certificate) {
        return certificate.getPublicKey().equals(own.get().getPublicKey());
    }

    private static boolean isForPeers(ContainerRequestContext request) {
        if (!(request.getUriInfo() instanceof ExtendedUriInfo uri) || uri.getMatchedResourceMethod() == null) {
            return false;
        }
        Method route = uri.getMatchedResourceMethod().getInvocable().getHandlingMethod();
        return route.isAnnotationPresent(ForPeers.class)
                || route.getDeclaringClass().isAnnotationPresent(ForPeers.class);
    }

    private static Response forbidden(String why) {
        return Response.status(Response.Status.FORBIDDEN)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(new ApiError(why))
                .build();
    }
}
