package io.github.godwit.host.scatter.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.common.TestAuthority;
import io.github.godwit.common.TestAuthority.Pair;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A real Redis, with a password and over TLS. */
@Timeout(60)
class RedisStoreTest {

    private static final String ADDRESS = "127.0.0.1";

    @TempDir
    private Path directory;

    private Process redis;

    /** Starts one and waits until it says that it is ready. */
    private int start(String more) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        redis = new ProcessBuilder("redis-server", "-")
                .redirectErrorStream(true)
                .start();
        try (OutputStream input = redis.getOutputStream()) {
            input.write("bind %s\nsave \"\"\nrequirepass secret\ndir %s\n%s"
                    .formatted(ADDRESS, directory, more.formatted(port))
                    .getBytes(UTF_8));
        }
        BufferedReader log = new BufferedReader(new InputStreamReader(redis.getInputStream(), UTF_8));
        String line = log.readLine();
        while (line != null && !line.contains("Ready to accept connections")) {
            line = log.readLine();
        }
        assertThat(line).as("Redis has ended").isNotNull();
        return port;
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (redis != null) {
            redis.destroyForcibly().waitFor();
        }
    }

    private Path password(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("password-" + text), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private int startWithTls(Pair certificate) throws IOException {
        return start("""
                port 0
                tls-port %%d
                tls-cert-file %s
                tls-key-file %s
                tls-ca-cert-file %s
                tls-auth-clients no
                """.formatted(certificate.certificate(), certificate.key(), certificate.certificate()));
    }

    private BatchStore open(int port, String password, Path authority) throws IOException {
        return RedisStore.factory(new Intermediary(
                        ADDRESS,
                        port,
                        Optional.of(password(password)),
                        authority != null,
                        Optional.ofNullable(authority),
                        Optional.empty(),
                        Optional.empty()))
                .open();
    }

    private static void storeAndRemove(BatchStore store) throws IOException {
        store.put(Map.of("m:1", "first".getBytes(UTF_8), "m:2", "second".getBytes(UTF_8), "n:1", new byte[] {1}));
        assertThat(store.get("m:2"))
                .hasValueSatisfying(bytes -> assertThat(bytes).asString(UTF_8).isEqualTo("second"));
        assertThat(store.get("m:1", 1, 3))
                .hasValueSatisfying(bytes -> assertThat(bytes).asString(UTF_8).isEqualTo("irs"));
        assertThat(store.get("m:1", 2, 100))
                .as("fewer bytes if it is shorter")
                .hasValueSatisfying(bytes -> assertThat(bytes).asString(UTF_8).isEqualTo("rst"));
        assertThat(store.removeAll("m:")).isEqualTo(2);
        assertThat(store.removeAll("m:")).isZero();
        assertThat(store.get("m:1")).isEmpty();
        assertThat(store.get("m:1", 0, 1)).isEmpty();
        assertThat(store.get("n:1")).isPresent();
    }

    @Test
    void batchesAreStoredReadAndRemoved() throws Exception {
        int port = start("port %d\n");
        try (BatchStore store = open(port, "secret", null)) {
            storeAndRemove(store);
        }
        assertThatThrownBy(() -> open(port, "guess", null))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(ADDRESS + ":" + port);
    }

    @Test
    void whatBothHostsLeaveBehindIsGoneAfterAWeek() throws Exception {
        int port = start("port %d\n");
        try (BatchStore store = open(port, "secret", null);
                Jedis redis = new Jedis(ADDRESS, port)) {
            store.put(Map.of("m:1", new byte[] {1}));

            redis.auth("secret");
            assertThat(redis.ttl("m:1")).isBetween(1L, RedisStore.LIFETIME.toSeconds());
        }
    }

    @Test
    void whatOtherTestsPlayKeepsToTheSameContract() throws Exception {
        try (BatchStore store = new HeldStore("played") {}.open()) {
            storeAndRemove(store);
        }
    }

    @Test
    void anIntermediaryThatThrowsAwayWhatItHasIsRefused() throws Exception {
        int port = start("port %d\nmaxmemory 100mb\nmaxmemory-policy allkeys-lru\n");
        try (BatchStore store = open(port, "secret", null)) {
            assertThatThrownBy(store::room).hasMessageContaining("maxmemory-policy to noeviction");
        }
    }

    @Test
    void anIntermediaryWhoseMemoryNothingLimitsIsRefused() throws Exception {
        int port = start("port %d\n");
        try (BatchStore store = open(port, "secret", null)) {
            assertThatThrownBy(store::room).hasMessageContaining("set its maxmemory");
        }
    }

    @Test
    void anIntermediaryThatTakesNothingAnyMoreDoesNotHoldUpWhoClosesTheConnection() throws Exception {
        int port = start("port %d\n");
        BatchStore store = open(port, "secret", null);
        try {
            stopped("-STOP");
            CompletableFuture<Throwable> put = CompletableFuture.supplyAsync(() -> {
                try {
                    store.put(Map.of("m:1", new byte[64 << 20])); // far more than the sockets take
                    return null;
                } catch (IOException e) {
                    return e;
                }
            });
            assertThatThrownBy(() -> put.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);

            store.close();

            assertThat(put.get(5, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        } finally {
            stopped("-CONT");
        }
    }

    private void stopped(String signal) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", signal, String.valueOf(redis.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void overTlsItIsKnownByItsCertificate() throws Exception {
        TestAuthority authority = new TestAuthority(directory.resolve("ca"));
        int port = startWithTls(authority.issue("redis", "IP:" + ADDRESS));
        try (BatchStore store = open(port, "secret", authority.certificate())) {
            storeAndRemove(store);
        }
        Path other = new TestAuthority(directory.resolve("other")).certificate();
        assertThatThrownBy(() -> open(port, "secret", other)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> open(port, "secret", null)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> open(port, "secret", directory.resolve("missing.pem")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("missing.pem");
    }

    @Test
    void aCertificateForAnotherAddressIsRefused() throws Exception {
        TestAuthority authority = new TestAuthority(directory.resolve("ca"));
        int port = startWithTls(authority.issue("redis", "IP:127.0.0.2"));
        assertThatThrownBy(() -> open(port, "secret", authority.certificate())).isInstanceOf(IOException.class);
    }
}
