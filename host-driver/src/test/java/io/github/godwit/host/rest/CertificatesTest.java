package io.github.godwit.host.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.godwit.common.PrivateFile;
import io.github.godwit.common.TestAuthority;
import io.github.godwit.common.TestAuthority.Pair;
import io.github.godwit.common.rest.RestServer;
import io.github.godwit.common.tls.Authorities;
import io.github.godwit.common.tls.ReloadedTls;
import io.github.godwit.common.tls.TlsFiles;
import io.github.godwit.host.access.AccessFiles;
import io.github.godwit.host.access.HostAccess;
import io.github.godwit.host.load.ThisHost;
import io.github.godwit.host.load.VmReport;
import io.github.godwit.host.metrics.HostMetrics;
import io.github.godwit.host.migrate.Arrivals;
import io.github.godwit.host.migrate.MigrationService;
import io.github.godwit.host.policy.PolicySets;
import io.github.godwit.host.profile.VmProfileCache;
import io.github.godwit.host.trail.HostTrail;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.hostapi.HostSwitch;
import io.github.godwit.hostapi.IncomingRequest;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.hostapi.client.HostDriverTimeouts;
import io.github.godwit.hostapi.trail.TrailLine;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.MemorySize;
import jakarta.ws.rs.HttpMethod;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The host driver's API over TLS, and who may call what. */
@Timeout(60)
class CertificatesTest {

    private static final String SECRET = "0123456789abcdef";
    private static final String THIS_MACHINE = "IP:127.0.0.1";

    /** What the source of a migration calls at its destination. */
    private static final Set<String> OPEN_TO_PEERS = Set.of(
            "GET /v1/host",
            "GET /v1/vms/{name}",
            "GET /v1/vms/{name}/vcpu-time",
            "POST /v1/incoming",
            "DELETE /v1/incoming/{id}",
            "POST /v1/incoming/{id}/confirm",
            "POST /v1/incoming/{id}/finish",
            "GET /v1/incoming/{id}/gathering",
            "PUT /v1/incoming/{id}/rate",
            "POST /v1/incoming/{id}/recover",
            "GET /v1/incoming/{id}/waits");

    /** Its events do not end while nothing ends the migration. */
    private static final String EVENTS = "GET /v1/migrations/{id}/events";

    @TempDir
    private Path directory;

    private TestAuthority authority;
    private RestServer server;

    private final SwitchResource.Switch hostSwitch = mock();
    private final Arrivals arrivals = mock();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final HostTrail trail = new HostTrail(log::add, "h1", InstantSource.system());
    private final List<Object> routes = Routes.of(
            mock(ThisHost.class),
            "test",
            hostSwitch,
            new HostMetrics("test"),
            mock(VmList.class),
            Optional.empty(),
            mock(VmReport.class),
            mock(VmProfileCache.class),
            mock(MigrationService.class),
            arrivals,
            mock(EventStreams.class),
            mock(PolicySets.class),
            trail);

    @BeforeEach
    void serve() throws IOException {
        authority = new TestAuthority(directory.resolve("ca"));
        serve(access(authority.issue("h1", "DNS:h1", THIS_MACHINE), Optional.empty()));
    }

    private void serve(HostAccess access) throws IOException {
        stop();
        server = HostApiServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), routes, access, trail);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private HostAccess access(Pair own, Optional<Path> token) throws IOException {
        return HostAccess.read(
                new AccessFiles(token, Optional.of(files(own, authority)), Set.of(AccessFiles.SERVICE), false));
    }

    private static TlsFiles files(Pair own, TestAuthority trusted) {
        return new TlsFiles(own.certificate(), own.key(), trusted.certificate());
    }

    private URI url() {
        return URI.create("https://127.0.0.1:" + server.port());
    }

    private HostDriverClient client(Pair own, TestAuthority trusted, String token) throws IOException {
        return HostDriverClient.sharing(
                        token, HostDriverTimeouts.DEFAULT, Optional.of(new ReloadedTls(files(own, trusted))))
                .apply(url());
    }

    /** All routes by method and path, each with the status of the answer to a client with this certificate. */
    private Map<String, Integer> walk(Pair own) throws IOException, InterruptedException {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(new ReloadedTls(files(own, authority)).get())
                .build();
        Map<String, Integer> statuses = new TreeMap<>();
        for (String route : routes().filter(each -> !each.equals(EVENTS)).toList()) {
            String[] words = route.split(" ", 2);
            boolean body = words[0].equals("POST") || words[0].equals("PUT");
            HttpRequest request = HttpRequest.newBuilder(url().resolve(words[1].replaceAll("\\{\\w+}", "x")))
                    .timeout(Duration.ofSeconds(10))
                    .header("Content-Type", "application/json")
                    .method(words[0], body ? BodyPublishers.ofString("{}") : BodyPublishers.noBody())
                    .build();
            statuses.put(route, http.send(request, BodyHandlers.ofString()).statusCode());
        }
        return statuses;
    }

    private Stream<String> routes() {
        return routes.stream()
                .flatMap(resource -> Stream.of(resource.getClass().getDeclaredMethods())
                        .flatMap(method -> Stream.of(method.getAnnotations())
                                .map(Annotation::annotationType)
                                .filter(type -> type.isAnnotationPresent(HttpMethod.class))
                                .map(type ->
                                        type.getAnnotation(HttpMethod.class).value() + " " + path(resource, method))));
    }

    private static String path(Object resource, Method method) {
        String base =
                resource.getClass().getAnnotation(jakarta.ws.rs.Path.class).value();
        jakarta.ws.rs.Path own = method.getAnnotation(jakarta.ws.rs.Path.class);
        return own == null ? base : base + "/" + own.value();
    }

    @Test
    void theServiceMayCallEveryRouteAndAPeerThoseThatTheSourceOfAMigrationNeeds() throws Exception {
        assertThat(walk(authority.issue("service", "DNS:godwit-strategy")))
                .hasSizeGreaterThan(20)
                .doesNotContainValue(401)
                .doesNotContainValue(403);

        Map<String, Integer> peer = walk(authority.issueRsa("h2", "DNS:h2", "IP:10.0.0.2"));

        assertThat(peer.entrySet().stream()
                        .filter(answer -> answer.getValue() != 403)
                        .map(answer -> answer.getKey()))
                .containsExactlyInAnyOrderElementsOf(OPEN_TO_PEERS);
    }

    @Test
    void everyRouteThatChangesSomethingLeavesALineThatSaysWho() throws Exception {
        Map<String, Integer> statuses = walk(authority.issue("service", "DNS:godwit-strategy"));
        List<String> changes = statuses.keySet().stream()
                .filter(route -> !route.startsWith("GET ") && !route.endsWith("/rate"))
                .toList();

        List<TrailLine> lines = client(authority.issue("service2", "DNS:godwit-strategy"), authority, null)
                .trail(null);

        assertThat(changes).hasSizeGreaterThan(10);
        assertThat(lines).hasSameSizeAs(changes).hasSameSizeAs(log);
        for (String route : changes) {
            String path = route.split(" ", 2)[1].replaceAll("\\{\\w+}", "x");
            assertThat(lines).as(route).anySatisfy(line -> {
                assertThat(line.path()).isEqualTo(path);
                assertThat(line.who()).isEqualTo("godwit-strategy");
                assertThat(line.address()).isEqualTo("127.0.0.1");
                assertThat(line.host()).isEqualTo("h1");
                assertThat(line.status()).isEqualTo(statuses.get(route));
                assertThat(line.succeeded()).isEqualTo(line.status() < 400);
                assertThat(line.target()).isEqualTo(route.contains("{") ? "x" : line.target());
            });
        }
        UUID last = lines.get(lines.size() - 1).id();
        HostDriverClient peer = client(authority.issue("h2", "DNS:h2"), authority, null);
        assertThatThrownBy(() -> peer.turn(HostSwitch.ON)).hasMessageContaining("403");
        assertThatThrownBy(() -> peer.trail(null)).hasMessageContaining("403");
        assertThat(client(authority.issue("service3", "DNS:godwit-strategy"), authority, null)
                        .trail(last))
                .singleElement()
                .satisfies(refused -> {
                    assertThat(refused.who()).isEqualTo("h2");
                    assertThat(refused.action()).isEqualTo("update");
                    assertThat(refused.succeeded()).isFalse();
                });
        assertThat(log.get(log.size() - 1))
                .contains("\"name\":\"h2\"", "\"outcome\":\"failure\"", "service/compute/godwit-host/switch");
    }

    @Test
    void aPeerIsToldWhatItMayNotAndCanNeitherCancelNorFollowAMigration() throws Exception {
        HostDriverClient peer = client(authority.issue("h2", "DNS:h2"), authority, null);
        assertThatThrownBy(() -> peer.turn(HostSwitch.ON))
                .isInstanceOf(HostDriverException.class)
                .hasMessageContainingAll("403", "that of h2, a peer", "godwit-strategy");
        assertThatThrownBy(() -> peer.cancel("x")).hasMessageContaining("403");
        assertThatThrownBy(() -> peer.follow("x", Duration.ofSeconds(5), event -> {}))
                .hasMessageContaining("403");
    }

    @Test
    void onlyTheHostThatPreparedAMigrationContinuesWithIt() throws Exception {
        IncomingRequest request = new IncomingRequest(
                "m",
                new VmDefinition("db", MemorySize.ofMebibytes(64), 1, "linux", "", Accelerator.KVM, 0),
                Technique.PRE_COPY,
                MigrationTuning.DEFAULT,
                "10.0.0.2",
                null);
        when(arrivals.prepare(any())).thenReturn(new IncomingTicket("m", "10.0.0.1", 5_000, ""));
        client(authority.issue("h2", "DNS:h2"), authority, null).incoming().prepare(request);

        HostDriverClient another = client(authority.issue("h3", "DNS:h3"), authority, null);
        assertThatThrownBy(() -> another.incoming().abandon("m"))
                .hasMessageContainingAll("403", "Migration m was prepared by another host than h3");
        assertThatThrownBy(() -> another.incoming().finish("m")).hasMessageContaining("403");
        verify(arrivals, never()).abandon(any());

        client(authority.issue("h2-renewed", "DNS:h2"), authority, null)
                .incoming()
                .abandon("m");
        client(authority.issue("service", "DNS:godwit-strategy"), authority, null)
                .incoming()
                .abandon("m");
        another.incoming().abandon("prepared-earlier");
        verify(arrivals, times(3)).abandon(any());
    }

    /** The subject of a certificate is no name of its holder; and a name that contains that of the service is another one. */
    @Test
    void aPeerDoesNotBecomeTheServiceByItsSubjectOrASimilarName() throws Exception {
        Pair posing = authority.issue("godwit-strategy", "DNS:h2", "DNS:godwit-strategy.h2", "DNS:x-godwit-strategy");
        assertThatThrownBy(() -> client(posing, authority, null).vms()).hasMessageContaining("403");
    }

    @Test
    void whoHoldsTheKeyOfThisHostMayCallEverythingHere() throws Exception {
        Pair own = authority.issue("h3", "DNS:h3", THIS_MACHINE);
        serve(access(own, Optional.empty()));
        assertThat(client(own, authority, null).vms()).isEmpty();
    }

    @Test
    void theTokenOpensEveryRouteToAPeerAndAWrongOneNone() throws Exception {
        Pair own = authority.issue("h3", "DNS:h3", THIS_MACHINE);
        serve(access(own, Optional.of(PrivateFile.write(directory.resolve("token"), SECRET))));
        Pair peer = authority.issue("h2", "DNS:h2");
        assertThat(client(peer, authority, SECRET).vms()).isEmpty();
        assertThatThrownBy(() -> client(peer, authority, SECRET + "x").host()).hasMessageContaining("401");
        assertThatThrownBy(() -> client(peer, authority, null).vms()).hasMessageContaining("403");
    }

    @Test
    void aClientWithoutACertificateIsRefused() {
        Supplier<SSLContext> none = () -> {
            try {
                return Authorities.context(authority.certificate());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        HostDriverClient client = HostDriverClient.sharing(SECRET, HostDriverTimeouts.DEFAULT, Optional.of(none))
                .apply(url());
        assertThatThrownBy(client::host).hasMessageContaining("There is no secure connection to " + url());
        HostDriverClient plain = HostDriverClient.of(URI.create("http://127.0.0.1:" + server.port()), SECRET);
        assertThatThrownBy(plain::host).hasMessageContaining("as a port does that speaks HTTPS");
    }

    /** OpenSSL sends a certificate even if the server does not trust its authority. */
    @Test
    void certificatesThatHaveExpiredOrAreOfAnotherAuthorityAreRefused() throws Exception {
        Pair good = authority.issue("h2", "DNS:h2");
        Pair expired = authority.issueExpired("h4", "DNS:godwit-strategy");
        Pair foreign = new TestAuthority(directory.resolve("other")).issue("h5", "DNS:godwit-strategy");
        assertThat(byOpenssl(good, "-tls1_3")).startsWith("HTTP/1.1 204");
        assertThat(byOpenssl(good, "-tls1_2")).startsWith("HTTP/1.1 204");
        for (String version : List.of("-tls1_3", "-tls1_2")) {
            assertThat(byOpenssl(expired, version)).doesNotContain("HTTP/");
            assertThat(byOpenssl(foreign, version)).doesNotContain("HTTP/");
        }
        assertThat(byOpenssl(good, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0")).doesNotContain("HTTP/");
    }

    /** What the server answers to a request that OpenSSL's client sends. */
    private String byOpenssl(Pair own, String... options) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("openssl", "s_client", "-quiet", "-connect", "127.0.0.1:" + server.port()));
        command.addAll(List.of("-CAfile", authority.certificate().toString(), "-verify_return_error"));
        command.addAll(
                List.of("-cert", own.certificate().toString(), "-key", own.key().toString()));
        command.addAll(List.of(options));
        Process openssl = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            try {
                openssl.getOutputStream()
                        .write("GET /v1/host HTTP/1.1\r\nHost: h1\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                openssl.getOutputStream().flush();
            } catch (IOException e) {
                return "it ended: " + e.getMessage();
            }
            return new String(openssl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } finally {
            openssl.destroyForcibly();
        }
    }

    @Test
    void aDestinationWithTheCertificateOfAnotherHostGetsNoRequest() throws Exception {
        HostAccess source = access(authority.issue("h2", "DNS:h2"), Optional.empty());
        assertThatCode(() -> destination(source).incoming().abandon("x")).doesNotThrowAnyException();

        serve(access(authority.issue("h3", "DNS:h3", "IP:10.0.0.3"), Optional.empty()));

        assertThatThrownBy(() -> destination(source).incoming().abandon("x"))
                .hasMessageContainingAll("no secure connection", "127.0.0.1", "has to name the host in this URL");
    }

    private HostDriverClient destination(HostAccess source) {
        return source.peers(HostDriverTimeouts.DEFAULT).apply(url());
    }

    @Test
    void aDestinationOfAnotherAuthorityGetsNoRequest() throws Exception {
        TestAuthority other = new TestAuthority(directory.resolve("other"));
        Pair service = other.issue("service", "DNS:godwit-strategy");
        assertThatThrownBy(() -> client(service, other, SECRET).vms()).hasMessageContaining("no secure connection");
    }

    @Test
    void aDestinationWhoseCertificateHasExpiredGetsNoRequest() throws Exception {
        Pair expired = authority.issueExpired("h4", "DNS:h4", THIS_MACHINE);
        Process openssl = new ProcessBuilder(
                        "openssl",
                        "s_server",
                        "-www",
                        "-accept",
                        "127.0.0.1:0",
                        "-cert",
                        expired.certificate().toString(),
                        "-key",
                        expired.key().toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = openssl.inputReader()) {
            String line = output.readLine();
            while (!line.startsWith("ACCEPT ")) {
                line = output.readLine();
            }
            URI url = URI.create("https://" + line.substring("ACCEPT ".length()).trim());
            HostAccess source = access(authority.issue("h2", "DNS:h2"), Optional.empty());
            assertThatThrownBy(() ->
                            source.peers(HostDriverTimeouts.DEFAULT).apply(url).host())
                    .hasMessageContainingAll("no secure connection", "validity check failed");
        } finally {
            openssl.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aResumedSessionIsThatOfTheSameClient(String version) throws Exception {
        SSLContext service = new ReloadedTls(files(authority.issue("service", "DNS:godwit-strategy"), authority)).get();
        SSLContext peer = new ReloadedTls(files(authority.issue("h2", "DNS:h2"), authority)).get();
        long made = connect(service, version, "HTTP/1.1 200");
        assertThat(connect(service, version, "HTTP/1.1 200")).isEqualTo(made);
        assertThat(connect(peer, version, "HTTP/1.1 403")).isNotEqualTo(made);
    }

    /** Asks for the VMs over a new connection; returns when its session was made. */
    private long connect(SSLContext context, String version, String expected) throws IOException {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port())) {
            socket.setEnabledProtocols(new String[] {version});
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET /v1/vms HTTP/1.1\r\nHost: h1\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith(expected);
            return socket.getSession().getCreationTime();
        }
    }

    /** First the certificate of the server is renewed, then its authority changes. */
    @Test
    void replacedFilesCountForTheNextConnection() throws Exception {
        Pair client = authority.issue("service", "DNS:godwit-strategy");
        Path certificate = directory.resolve("certificate");
        Path key = directory.resolve("key");
        Path trusted = directory.resolve("trusted");
        replace(authority.issue("h3", "DNS:h3", THIS_MACHINE), authority, certificate, key, trusted);
        serve(HostAccess.read(new AccessFiles(
                Optional.empty(),
                Optional.of(new TlsFiles(certificate, key, trusted)),
                Set.of(AccessFiles.SERVICE),
                false)));
        assertThat(client(client, authority, null).vms()).isEmpty();

        Files.writeString(certificate, "half a certif");
        assertThat(client(client, authority, null).vms()).isEmpty();

        try (SSLSocket open = (SSLSocket) new ReloadedTls(files(client, authority))
                .get()
                .getSocketFactory()
                .createSocket("127.0.0.1", server.port())) {
            open.setSoTimeout(10_000);
            BufferedReader answers =
                    new BufferedReader(new InputStreamReader(open.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(ask(open, answers)).startsWith("HTTP/1.1 200");

            replaceByAnotherAuthority(client, certificate, key, trusted);

            assertThat(ask(open, answers)).as("a connection from before").startsWith("HTTP/1.1 403");
        }
    }

    /** Asks for the VMs over an open connection; returns the first line of the answer. */
    private static String ask(SSLSocket socket, BufferedReader answers) throws IOException {
        socket.getOutputStream().write("GET /v1/vms HTTP/1.1\r\nHost: h1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        String status = answers.readLine();
        int length = 0;
        for (String line = answers.readLine(); !line.isEmpty(); line = answers.readLine()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        line.substring("content-length:".length()).trim());
            }
        }
        assertThat(answers.skip(length)).isEqualTo(length);
        return status;
    }

    private void replaceByAnotherAuthority(Pair client, Path certificate, Path key, Path trusted) throws IOException {
        TestAuthority next = new TestAuthority(directory.resolve("next"));
        replace(next.issue("h3", "DNS:h3", THIS_MACHINE), next, certificate, key, trusted);
        assertThat(client(next.issue("service", "DNS:godwit-strategy"), next, null)
                        .vms())
                .isEmpty();
        assertThatThrownBy(() -> client(client, next, null).vms()).hasMessageContaining("no secure connection");
    }

    private static void replace(Pair pair, TestAuthority of, Path certificate, Path key, Path trusted)
            throws IOException {
        Files.copy(of.certificate(), trusted, StandardCopyOption.REPLACE_EXISTING);
        Files.move(pair.key(), key, StandardCopyOption.REPLACE_EXISTING);
        Files.move(pair.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
    }
}
