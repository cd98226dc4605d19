package io.github.godwit.common.tls;

/**
 * How a server speaks TLS.
 *
 * @param credentials        its certificate, and the authorities of clients
 * @param clientCertificates whether clients need a certificate of these authorities
 */
public record ServerTls(ReloadedTls credentials, boolean clientCertificates) {}
