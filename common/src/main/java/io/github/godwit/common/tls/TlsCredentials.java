package io.github.godwit.common.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * What the files hold. The authorities in them are the only ones that are trusted.
 *
 * @param certificate the own certificate
 * @param context     makes connections with it
 * @param authorities what the certificates of others are checked by
 */
record TlsCredentials(X509Certificate certificate, SSLContext context, X509TrustManager authorities) {

    private static final Map<String, String> SIGNATURES = Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA");

    /** The key stores below are never written; so nothing has to be kept from anyone. */
    private static final char[] NO_PASSWORD = new char[0];

    /**
     * Reads the files.
     *
     * @throws IOException              if one cannot be read
     * @throws IllegalArgumentException if others may read the key, the key is not that of the certificate, or the certificate is not valid now
     */
    static TlsCredentials load(TlsFiles files) throws IOException {
        List<X509Certificate> chain = PemFile.certificates(files.certificate());
        X509Certificate own = chain.get(0);
        requireValid(files, own);
        String algorithm = own.getPublicKey().getAlgorithm();
        if (!SIGNATURES.containsKey(algorithm)) {
            throw new IllegalArgumentException("The key of the certificate in %s is of the kind %s. Use RSA or EC."
                    .formatted(files.certificate(), algorithm));
        }
        PrivateKey key = PemFile.key(files.key(), algorithm);
        List<X509Certificate> authorities = PemFile.certificates(files.authority());
        try {
            if (!belong(key, own.getPublicKey(), SIGNATURES.get(algorithm))) {
                throw new IllegalArgumentException("The private key in %s is not that of the certificate in %s."
                        .formatted(files.key(), files.certificate()));
            }
            TrustManager[] trusted = Authorities.trust(authorities).getTrustManagers();
            return new TlsCredentials(own, context(key, chain, trusted), (X509TrustManager) trusted[0]);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "The certificate in %s cannot be used with the key in %s: %s"
                            .formatted(files.certificate(), files.key(), e.getMessage()),
                    e);
        }
    }

    private static void requireValid(TlsFiles files, X509Certificate own) {
        try {
            own.checkValidity();
        } catch (CertificateExpiredException e) {
            throw new IllegalArgumentException(
                    "The certificate in %s has expired, on %s. Make a new one."
                            .formatted(files.certificate(), own.getNotAfter().toInstant()),
                    e);
        } catch (CertificateNotYetValidException e) {
            throw new IllegalArgumentException(
                    "The certificate in %s is not valid before %s. Check the clock."
                            .formatted(files.certificate(), own.getNotBefore().toInstant()),
                    e);
        }
    }

    private static boolean belong(PrivateKey key, PublicKey certified, String algorithm)
            throws GeneralSecurityException {
        byte[] text = certified.getEncoded();
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(text);
        return signature.verify(signed);
    }

    private static SSLContext context(PrivateKey key, List<X509Certificate> chain, TrustManager[] trusted)
            throws GeneralSecurityException, IOException {
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, NO_PASSWORD);
        own.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, NO_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusted, null);
        return context;
    }

    @Override
    public String toString() {
        return "%s, until %s"
                .formatted(
                        CertificateNames.describe(certificate),
                        certificate.getNotAfter().toInstant());
    }
}
