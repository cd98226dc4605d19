package io.github.godwit.strategy.service;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Debian's MariaDB server, on a free port of loopback, with its data in a directory of the test. */
final class MariaDb implements AutoCloseable {

    private static final String USER = "godwit";
    private static final String PASSWORD = "of-this-test";

    private final Daemon server;
    private final int port;

    /** Starts a server with its data in an empty directory. */
    MariaDb(Path directory) throws Exception {
        Path data = directory.resolve("data");
        Path socket = directory.resolve("s");
        Path log = directory.resolve("log");
        Daemon.run(
                log,
                List.of(
                        "mariadb-install-db",
                        "--no-defaults",
                        "--user=root",
                        "--auth-root-authentication-method=normal",
                        "--skip-test-db",
                        "--datadir=" + data));
        port = Daemon.freePort();
        server = Daemon.start(
                log,
                Map.of(),
                List.of(
                        "mariadbd",
                        "--no-defaults",
                        "--user=root",
                        "--datadir=" + data,
                        "--socket=" + socket,
                        "--bind-address=127.0.0.1",
                        "--port=" + port,
                        "--pid-file=" + directory.resolve("pid")));
        server.awaitPort(port);
        Daemon.run(
                log,
                List.of(
                        "mariadb",
                        "--no-defaults",
                        "--user=root",
                        "--socket=" + socket,
                        "--execute",
                        "GRANT ALL ON *.* TO '%s'@'127.0.0.1' IDENTIFIED BY '%s'".formatted(USER, PASSWORD)));
    }

    private String url(String database) {
        return "jdbc:mariadb://127.0.0.1:%d/%s".formatted(port, database);
    }

    /** Creates a database. */
    TestDatabase database() {
        return database("utf8mb4");
    }

    /** Creates a database with a character set. */
    TestDatabase database(String characters) {
        String name = "d" + UUID.randomUUID().toString().replace("-", "");
        try (Connection connection = DriverManager.getConnection(url(""), USER, PASSWORD);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE %s CHARACTER SET %s".formatted(name, characters));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new TestDatabase(url(name), USER, PASSWORD);
    }

    @Override
    public void close() {
        server.close();
    }
}
