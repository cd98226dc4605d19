package io.github.godwit.strategy.service;

import io.github.godwit.common.ListenAddress;
import io.github.godwit.common.tls.TlsFiles;
import io.github.godwit.strategy.auth.KeystoneTerms;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.TextRule;
import io.github.godwit.strategy.load.LoadSource;
import io.github.godwit.strategy.plan.Racks;
import io.github.godwit.strategy.store.Database;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration of an instance, from a YAML file whose keys are documented in {@code docs/service.md}. An unknown key is refused
 * with a suggestion of the closest known key. Secrets are in other files or in the environment, never in the file itself.
 *
 * @param listen           address and port
 * @param keystone         how requests are authorized, or null to admit every request, which is allowed on loopback only
 * @param databaseUrl      JDBC URL
 * @param databaseUser     user, or null
 * @param databasePassword password, or null
 * @param nova             whether Nova's rules are obeyed, and hosts can be disabled; needs {@code keystone}
 * @param load             where the load is read, or null for the load that the host drivers report
 * @param hosts            base URLs of the host drivers
 * @param hostToken        token of the host drivers, or null
 * @param instance         name of this instance, unique among those that share the database
 * @param longestMigration a migration that is predicted to take longer counts as one that does not converge
 * @param pace             intervals of polling, heartbeats and expiry
 * @param racks            links between racks
 * @param transport        how the service is reached and reaches the host drivers
 * @param observe          whether plans are made and never started
 * @param hostNames        names of this machine that clients may use without authorization, besides those of loopback
 * @param trailFile        file of the audit trail, or null for the log
 */
public record ServiceConfig(
        InetSocketAddress listen,
        KeystoneTerms keystone,
        String databaseUrl,
        String databaseUser,
        String databasePassword,
        boolean nova,
        LoadSource load,
        List<URI> hosts,
        String hostToken,
        String instance,
        Duration longestMigration,
        Tasks.Pace pace,
        Racks racks,
        Transport transport,
        boolean observe,
        Set<String> hostNames,
        Path trailFile) {

    /** The default address, with Watcher's port. */
    public static final String DEFAULT_LISTEN = "127.0.0.1:9322";

    static final Duration LONGEST_MIGRATION = Duration.ofMinutes(5);

    /**
     * Checks that the values are consistent.
     *
     * @throws IllegalArgumentException if the service would be open to other hosts without authorization, if {@code nova} is true or
     *                                  load comes from Aetos without {@code keystone}, or if there are no host drivers
     */
    public ServiceConfig {
        hosts = List.copyOf(hosts);
        hostNames = Set.copyOf(hostNames);
        requireName(instance);
        if (keystone == null && !listen.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    ("%s can be reached from other hosts, and with auth.mode noauth anyone could migrate VMs. "
                                    + "Listen on 127.0.0.1, or set auth.mode to keystone.")
                            .formatted(listen));
        }
        if (nova && keystone == null) {
            throw new IllegalArgumentException(
                    "nova is true, but auth.mode is not keystone. Set auth.mode to keystone: requests to Nova are made as auth.user.");
        }
        if (load != null && load.needsKeystone() && keystone == null) {
            throw new IllegalArgumentException(
                    "load.source is aetos, but auth.mode is not keystone. Set auth.mode to keystone: Aetos is asked as auth.user.");
        }
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException(
                    "No host drivers are configured. List their URLs, such as http://10.0.0.1:9622, under hosts.");
        }
    }

    private static void requireName(String instance) {
        try {
            TextRule.HOST.check(instance);
        } catch (ServiceRefusal e) {
            throw new IllegalArgumentException(
                    "The name of this instance cannot be used. %s Set another one under instance."
                            .formatted(e.getMessage()),
                    e);
        }
    }

    /**
     * Reads a file.
     *
     * @throws IOException              if the file or a file that it refers to cannot be read
     * @throws IllegalArgumentException if the content is invalid; the message names the key
     */
    public static ServiceConfig read(Path file) throws IOException {
        return ConfigFile.read(file);
    }

    /** Returns the configuration of {@code serve --noauth}, which needs no file and uses the embedded database in {@code data}. */
    public static ServiceConfig tryOut(
            String listen, Path data, List<URI> hosts, String hostToken, Optional<TlsFiles> tls) {
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
                Tasks.Pace.DEFAULT,
                Racks.NONE,
                Transport.toHostDrivers(tls),
                false,
                Set.of(),
                null);
    }

    @Override
    public String toString() {
        return "service on %s with %d host drivers, instance %s"
                .formatted(listen, hosts.size(), instance.toLowerCase(Locale.ROOT));
    }
}
