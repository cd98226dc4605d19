package io.github.godwit.common.tls;

import java.nio.file.Path;
import java.util.List;

/**
 * The files by which a program identifies itself and knows others, all in PEM.
 *
 * @param certificate its certificate, followed by those of intermediate authorities
 * @param key         the private key of the certificate: RSA or EC, PKCS#8, not encrypted
 * @param authority   certificates of the authorities that the certificates of others must be of
 */
public record TlsFiles(Path certificate, Path key, Path authority) {

    List<Path> all() {
        return List.of(certificate, key, authority);
    }
}
