package io.github.godwit.common.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.common.TestAuthority;
import io.github.godwit.common.TestAuthority.Pair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadedTlsTest {

    @TempDir
    private Path directory;

    private TestAuthority authority;

    @BeforeEach
    void makeAuthority() {
        authority = new TestAuthority(directory.resolve("ca"));
    }

    private TlsFiles files(Pair pair) {
        return new TlsFiles(pair.certificate(), pair.key(), authority.certificate());
    }

    private void refused(TlsFiles files, String... messages) {
        assertThatThrownBy(() -> new ReloadedTls(files))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(messages);
    }

    @Test
    void keysAreEcOrRsa() throws IOException {
        assertThat(new ReloadedTls(files(authority.issue("h1", "DNS:H1.example.org", "IP:10.0.0.1"))).certificate())
                .satisfies(own -> assertThat(CertificateNames.of(own)).containsExactly("10.0.0.1", "h1.example.org"));
        assertThat(new ReloadedTls(files(authority.issueRsa("h2", "DNS:h2"))).get())
                .isNotNull();
    }

    @Test
    void aKeyThatOthersCanReadIsRefused() throws IOException {
        Pair pair = authority.issue("h1", "DNS:h1");
        Files.setPosixFilePermissions(pair.key(), PosixFilePermissions.fromString("rw-r--r--"));
        refused(files(pair), "private key", "open to other users (rw-r--r--)", "chmod 600 " + pair.key());
    }

    @Test
    void aKeyInAnotherFormIsRefusedWithTheCommandThatConvertsIt() throws Exception {
        Pair pair = authority.issueRsa("h1", "DNS:h1");
        Path old = directory.resolve("old.key");
        assertThat(new ProcessBuilder(
                                "openssl",
                                "rsa",
                                "-traditional",
                                "-in",
                                pair.key().toString(),
                                "-out",
                                old.toString())
                        .start()
                        .waitFor())
                .isZero();
        refused(
                new TlsFiles(pair.certificate(), old, authority.certificate()),
                "has an RSA PRIVATE KEY",
                "openssl pkcs8 -topk8 -nocrypt -in " + old);
    }

    @Test
    void theKeyOfAnotherCertificateIsRefused() {
        Pair one = authority.issue("h1", "DNS:h1");
        Pair other = authority.issue("h2", "DNS:h2");
        Pair rsa = authority.issueRsa("h3", "DNS:h3");
        refused(
                new TlsFiles(one.certificate(), other.key(), authority.certificate()),
                "is not that of the certificate in " + one.certificate());
        refused(new TlsFiles(one.certificate(), rsa.key(), authority.certificate()), "is no EC key");
    }

    @Test
    void anExpiredCertificateAndAFileWithoutOneAreRefused() {
        refused(files(authority.issueExpired("h1", "DNS:h1")), "has expired");
        Pair pair = authority.issue("h2", "DNS:h2");
        refused(new TlsFiles(pair.certificate(), pair.key(), pair.key()), "has no certificate in PEM");
        refused(new TlsFiles(directory.resolve("none"), pair.key(), pair.certificate()), "There is no file");
    }

    /** Certificate and key are replaced one after the other, so that they do not fit in between. */
    @Test
    void newFilesAreUsedAsSoonAsTheyFit() throws IOException {
        Pair first = authority.issue("first", "DNS:first");
        Pair second = authority.issue("second", "DNS:second");
        Path key = Files.copy(first.key(), directory.resolve("key"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Path certificate = Files.copy(first.certificate(), directory.resolve("certificate"));
        ReloadedTls tls = new ReloadedTls(new TlsFiles(certificate, key, authority.certificate()));
        SSLContext context = tls.get();
        assertThat(tls.get()).isSameAs(context);

        Files.move(second.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
        assertThat(tls.get()).isSameAs(context);
        Files.delete(key);
        assertThat(tls.get()).isSameAs(context);
        Files.setPosixFilePermissions(second.key(), PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(second.key(), key);
        assertThat(tls.get()).isSameAs(context);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));

        assertThat(tls.get()).isNotSameAs(context);
        assertThat(CertificateNames.of(tls.certificate())).containsExactly("second");
    }
}
