package io.github.godwit.strategy.service;

import io.github.godwit.common.ListenAddress;
import io.github.godwit.strategy.auth.KeystoneTerms;
import io.github.godwit.strategy.load.PrometheusTerms;
import io.github.godwit.strategy.store.Database;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How an instance is set up: one YAML file, each key of which {@code docs/service.md} explains. Keys that are unknown are refused,
 * with the known one that comes nearest. Secrets are in files or in the environment, never in the file itself.
 *
 * @param listen           address and port
 * @param keystone         who may do what, or null where everybody may do everything; on loopback only
 * @param databaseUrl      JDBC URL
 * @param databaseUser     user, or null
 * @param databasePassword password, or null
 * @param nova             whether Nova's rules are kept and its hosts disabled; needs keystone
 * @param load             where load is read, or null to take the host drivers' figures
 * @param hosts            base URLs of the host drivers
 * @param hostToken        token that the host drivers ask for, or null
 * @param instance         name of this instance, of its own among those that share the database
 * @param longestMigration a migration that is expected to take longer counts as one that does not end
 * @param pace             how fast things go on
 */
public record ServiceConfig(
        InetSocketAddress listen,
        KeystoneTerms keystone,
        String databaseUrl,
        String databaseUser,
        String databasePassword,
        boolean nova,
        PrometheusTerms load,
        List<URI> hosts,
        String hostToken,
        String instance,
        Duration longestMigration,
        Tasks.Pace pace) {

    /** Watcher's port. */
    public static final String DEFAULT_LISTEN = "127.0.0.1:9322";

    static final Duration LONGEST_MIGRATION = Duration.ofMinutes(5);

    /**
     * Checks what belongs together.
     *
     * @throws IllegalArgumentException when it is not safe or not enough
     */
    public ServiceConfig {
        hosts = List.copyOf(hosts);
        if (keystone == null && !listen.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    "%s can be reached from other hosts, where auth.mode noauth would let anyone move VMs. Listen on 127.0.0.1, or set auth.mode to keystone."
                            .formatted(listen));
        }
        if (nova && keystone == null) {
            throw new IllegalArgumentException(
                    "nova is true, but auth.mode is not keystone: Nova is asked as auth.user.");
        }
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException(
                    "There are no host drivers: give their URLs, such as http://10.0.0.1:9622, under hosts.");
        }
    }

    /**
     * Reads a file.
     *
     * @throws IOException              when it cannot be read
     * @throws IllegalArgumentException when it says what cannot be; the message names the key
     */
    public static ServiceConfig read(Path file) throws IOException {
        return ConfigFile.read(file);
    }

    /** What {@code serve --noauth} runs without a file. */
    public static ServiceConfig tryOut(String listen, Path data, List<URI> hosts, String hostToken) {
        return new ServiceConfig(
                ListenAddress.parse(listen, DEFAULT_LISTEN),
                null,
                Database.embedded(data),
                null,
                null,
                false,
                null,
                hosts,
                hostToken,
                Identity.hostname(),
                LONGEST_MIGRATION,
                Tasks.Pace.DEFAULT);
    }

    @Override
    public String toString() {
        return "service on %s with %d host drivers, instance %s"
                .formatted(listen, hosts.size(), instance.toLowerCase(Locale.ROOT));
    }
}
