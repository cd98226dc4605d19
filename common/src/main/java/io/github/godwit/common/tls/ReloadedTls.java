package io.github.godwit.common.tls;

import io.github.godwit.common.ReloadedFile;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of this program and the authorities that it trusts. Changed files are loaded when the next connection is made; while they
 * cannot be used, for example because the key has been replaced and the certificate not yet, what was loaded before stays in use. A new
 * version has a new {@link SSLContext}, with which no earlier session can be resumed.
 */
public final class ReloadedTls implements Supplier<SSLContext> {

    private static final Logger LOG = LoggerFactory.getLogger(ReloadedTls.class);

    /** More than there are hosts. */
    private static final int MOST_CHECKED = 10_000;

    private final ReloadedFile<TlsCredentials> files;
    private final Map<X509Certificate, TlsCredentials> checked = new ConcurrentHashMap<>();

    /**
     * Loads the files.
     *
     * @throws IOException if one cannot be read or used; the message says which and why
     */
    public ReloadedTls(TlsFiles files) throws IOException {
        this.files = new ReloadedFile<>("certificate", files.all(), () -> TlsCredentials.load(files));
    }

    /** Makes connections as this program. */
    @Override
    public SSLContext get() {
        return files.current().context();
    }

    /** The own certificate. */
    public X509Certificate certificate() {
        return files.current().certificate();
    }

    /**
     * Whether the authorities that are trusted now would admit a client that has connected some time ago: the file with them may have changed.
     * Each certificate is checked once for each version of the files.
     *
     * @param chain the client's certificates, its own first
     */
    public boolean trusts(List<X509Certificate> chain) {
        TlsCredentials now = files.current();
        X509Certificate client = chain.get(0);
        if (now.equals(checked.get(client))) {
            return true;
        }
        try {
            now.authorities()
                    .checkClientTrusted(
                            chain.toArray(X509Certificate[]::new),
                            client.getPublicKey().getAlgorithm());
        } catch (CertificateException e) {
            LOG.debug("The certificate of {} is not trusted any more", CertificateNames.describe(client), e);
            return false;
        }
        if (checked.size() >= MOST_CHECKED) {
            checked.clear();
        }
        checked.put(client, now);
        return true;
    }
}
