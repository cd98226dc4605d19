package io.github.godwit.strategy.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Debian's MariaDB server, on a free port of loopback, with its data in a directory of the test's. */
final class MariaDb implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);
    private static final String USER = "godwit";
    private static final String PASSWORD = "of-this-test";

    private final Process server;
    private final int port;

    /** Starts a server with its data in an empty directory. */
    MariaDb(Path directory) throws Exception {
        Path data = directory.resolve("data");
        Path socket = directory.resolve("s");
        Path log = directory.resolve("log");
        run(
                log,
                "mariadb-install-db",
                "--no-defaults",
                "--user=root",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                "--datadir=" + data);
        port = freePort();
        server = new ProcessBuilder(
                        "mariadbd",
                        "--no-defaults",
                        "--user=root",
                        "--datadir=" + data,
                        "--socket=" + socket,
                        "--bind-address=127.0.0.1",
                        "--port=" + port,
                        "--pid-file=" + directory.resolve("pid"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        awaitStart(log);
        run(
                log,
                "mariadb",
                "--no-defaults",
                "--user=root",
                "--socket=" + socket,
                "--execute",
                "GRANT ALL ON *.* TO '%s'@'127.0.0.1' IDENTIFIED BY '%s'".formatted(USER, PASSWORD));
    }

    private static void run(Path log, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException("%s failed: %s".formatted(command[0], Files.readString(log)));
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitStart(Path log) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(START);
        while (!answers()) {
            if (!server.isAlive() || Instant.now().isAfter(end)) {
                throw new IllegalStateException("MariaDB did not start: " + Files.readString(log));
            }
            Thread.sleep(100);
        }
    }

    /** Even a refusal of the user is an answer. */
    private boolean answers() {
        try (Connection connection = DriverManager.getConnection(url(""), USER, PASSWORD)) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return e.getMessage().contains("Access denied") || e.getMessage().contains("not allowed");
        }
    }

    private String url(String database) {
        return "jdbc:mariadb://127.0.0.1:%d/%s".formatted(port, database);
    }

    /** A new database. */
    TestDatabase database() {
        String name = "d" + UUID.randomUUID().toString().replace("-", "");
        try (Connection connection = DriverManager.getConnection(url(""), USER, PASSWORD);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE %s CHARACTER SET utf8mb4".formatted(name));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new TestDatabase(url(name), USER, PASSWORD);
    }

    @Override
    public void close() {
        server.destroy();
        try {
            if (server.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.destroyForcibly();
    }
}
