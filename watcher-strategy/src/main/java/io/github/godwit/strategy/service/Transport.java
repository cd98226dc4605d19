package io.github.godwit.strategy.service;

import io.github.godwit.common.tls.TlsFiles;
import java.util.Optional;

/**
 * How the service is reached and reaches the host drivers.
 *
 * @param tls         its certificate, and the authorities of the host drivers; empty if none is used
 * @param ownPort     whether its own port speaks HTTPS with this certificate
 * @param behindProxy whether {@code Forwarded} and {@code X-Forwarded-*} of a proxy determine the links in answers
 */
public record Transport(Optional<TlsFiles> tls, boolean ownPort, boolean behindProxy) {

    /** HTTP, to clients directly. */
    public static final Transport PLAIN = new Transport(Optional.empty(), false, false);

    /** HTTP to clients, and a certificate for host drivers if there is one. */
    public static Transport toHostDrivers(Optional<TlsFiles> tls) {
        return new Transport(tls, false, false);
    }
}
