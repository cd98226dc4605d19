package io.github.godwit.common.tls;

import io.github.godwit.common.ReloadedFile;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * The certificate of this program and the authorities that it trusts. Changed files are loaded when the next connection is made; while they
 * cannot be used, for example because the key has been replaced and the certificate not yet, what was loaded before stays in use. A new
 * version has a new {@link SSLContext}, with which no earlier session can be resumed.
 */
public final class ReloadedTls implements Supplier<SSLContext> {

    private final ReloadedFile<TlsCredentials> files;

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
}
