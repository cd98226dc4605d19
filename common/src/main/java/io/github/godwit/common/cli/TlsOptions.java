package io.github.godwit.common.cli;

import io.github.godwit.common.tls.ReloadedTls;
import io.github.godwit.common.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options by which a program identifies itself with a certificate: all three, or none. */
public final class TlsOptions {

    @Option(
            names = "--tls-certificate",
            required = true,
            paramLabel = "FILE",
            description = "Certificate of this program in PEM, followed by those of intermediate authorities.")
    private Path certificate;

    @Option(
            names = "--tls-key",
            required = true,
            paramLabel = "FILE",
            description = "Private key of the certificate, PKCS#8 in PEM. Others must not be able to read it.")
    private Path key;

    @Option(
            names = "--tls-ca",
            required = true,
            paramLabel = "FILE",
            description = "Certificates of the authorities, in PEM, that the other side's certificate must be of.")
    private Path authority;

    /**
     * Loads the files, if they were given.
     *
     * @throws IOException if one cannot be read or used
     */
    public Optional<ReloadedTls> load() throws IOException {
        return certificate == null ? Optional.empty() : Optional.of(new ReloadedTls(files().get()));
    }

    /** The files, if they were given. */
    public Optional<TlsFiles> files() {
        return certificate == null ? Optional.empty() : Optional.of(new TlsFiles(certificate, key, authority));
    }
}
