package io.github.godwit.host.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.godwit.common.PrivateFile;
import io.github.godwit.common.TestAuthority;
import io.github.godwit.common.TestAuthority.Pair;
import io.github.godwit.common.rest.PeerCertificate;
import io.github.godwit.common.tls.TlsFiles;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.ArgumentCaptor;

class HostAccessTest {

    private static final String SECRET = "0123456789abcdef";

    @TempDir
    private Path directory;

    @Test
    void anAddressThatOtherHostsCanReachNeedsACertificateUnlessPlainHttpIsWanted() throws IOException {
        InetSocketAddress everywhere = new InetSocketAddress("0.0.0.0", 9622);
        Path token = PrivateFile.write(directory.resolve("token"), SECRET);
        for (HostAccess access : List.of(HostAccess.OPEN, HostAccess.by(Token.of(SECRET)))) {
            assertThatThrownBy(() -> access.requireFor(everywhere))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("can be reached from other hosts: give --tls-certificate", "--plain-http");
            assertThatCode(() -> access.requireFor(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
                    .doesNotThrowAnyException();
        }
        assertThatCode(() -> HostAccess.read(certified()).requireFor(everywhere))
                .doesNotThrowAnyException();
        assertThatCode(() -> HostAccess.read(AccessFiles.token(token)).requireFor(everywhere))
                .doesNotThrowAnyException();
        AccessFiles open = new AccessFiles(Optional.empty(), Optional.empty(), Set.of(), true);
        assertThatThrownBy(() -> HostAccess.read(open).requireFor(everywhere)).hasMessageContaining("--token-file");
    }

    private AccessFiles certified() {
        TestAuthority authority = new TestAuthority(directory.resolve("ca"));
        Pair pair = authority.issue("h1", "DNS:h1");
        return new AccessFiles(
                Optional.empty(),
                Optional.of(new TlsFiles(pair.certificate(), pair.key(), authority.certificate())),
                Set.of(AccessFiles.SERVICE),
                false);
    }

    @Test
    void onlyTheWholeTokenMatches() throws IOException {
        Token token = Token.read(PrivateFile.write(directory.resolve("token"), SECRET + "\n"));
        assertThat(token.matches("Bearer " + SECRET)).isTrue();
        assertThat(token.matches("Bearer " + SECRET + "x")).isFalse();
        assertThat(token.matches(SECRET)).isFalse();
        assertThat(token.matches(null)).isFalse();
        assertThat(token).hasToString("Token(…)");
    }

    @Test
    void aShortTokenIsRefusedWithoutBeingPrinted() {
        assertThatThrownBy(() -> Token.of("short"))
                .hasMessageContaining("at least 16 printable ASCII characters")
                .hasMessageNotContaining("short");
    }

    @Test
    void aTokenThatOthersCanReadIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("token"), SECRET);
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> HostAccess.read(AccessFiles.token(file)))
                .hasMessageContaining("open to other users")
                .hasMessageNotContaining(SECRET);
    }

    /** A connection may live longer than the certificate by which it was made. */
    @Test
    void aCertificateThatHasExpiredSinceTheHandshakeIsRefused() throws Exception {
        TestAuthority authority = new TestAuthority(directory.resolve("ca"));
        X509Certificate expired = read(authority.issueExpired("service", "DNS:godwit-strategy"));
        X509Certificate valid = read(authority.issue("valid", "DNS:godwit-strategy"));
        CertificateFilter filter =
                new CertificateFilter(Set.of("godwit-strategy"), Optional.empty(), () -> valid, chain -> true);

        ContainerRequestContext late = request(expired);
        filter.filter(late);
        ContainerRequestContext inTime = request(valid);
        filter.filter(inTime);

        ArgumentCaptor<Response> answer = ArgumentCaptor.captor();
        verify(late).abortWith(answer.capture());
        assertThat(answer.getValue().getStatus()).isEqualTo(403);
        verify(inTime, never()).abortWith(any());
    }

    private static ContainerRequestContext request(X509Certificate certificate) {
        ContainerRequestContext request = mock();
        when(request.getProperty(PeerCertificate.class.getName())).thenReturn(new X509Certificate[] {certificate});
        return request;
    }

    private static X509Certificate read(Pair pair) throws Exception {
        try (InputStream in = Files.newInputStream(pair.certificate())) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
