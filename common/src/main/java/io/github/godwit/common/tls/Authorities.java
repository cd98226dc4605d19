package io.github.godwit.common.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Trust in the authorities of a PEM file, and in no others. */
public final class Authorities {

    private Authorities() {}

    /**
     * For a client without a certificate of its own.
     *
     * @throws IOException              if the file cannot be read
     * @throws IllegalArgumentException if it has no certificate that can be used
     */
    public static SSLContext context(Path file) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust(PemFile.certificates(file)).getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "The certificates in %s cannot be used: %s".formatted(file, e.getMessage()), e);
        }
    }

    static TrustManagerFactory trust(List<X509Certificate> authorities) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (X509Certificate authority : authorities) {
            trusted.setCertificateEntry("authority-" + trusted.size(), authority);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        return trust;
    }
}
