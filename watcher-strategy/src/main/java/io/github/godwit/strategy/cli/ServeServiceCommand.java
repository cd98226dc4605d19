package io.github.godwit.strategy.cli;

import io.github.godwit.common.tls.ReloadedTls;
import io.github.godwit.common.tls.ServerTls;
import io.github.godwit.common.trail.TrailLog;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverTimeouts;
import io.github.godwit.model.predict.forest.ShippedModel;
import io.github.godwit.nova.Nova;
import io.github.godwit.nova.OpenStackSession;
import io.github.godwit.nova.Placement;
import io.github.godwit.strategy.auth.KeystoneGuard;
import io.github.godwit.strategy.auth.KeystoneTerms;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.HostDriverCloud;
import io.github.godwit.strategy.load.InstanceNames;
import io.github.godwit.strategy.load.LoadSource;
import io.github.godwit.strategy.load.NovaInstanceNames;
import io.github.godwit.strategy.load.PrometheusLoad;
import io.github.godwit.strategy.nova.NovaCloud;
import io.github.godwit.strategy.rest.Guard;
import io.github.godwit.strategy.rest.NoAuth;
import io.github.godwit.strategy.rest.server.Endpoint;
import io.github.godwit.strategy.service.Service;
import io.github.godwit.strategy.service.ServiceConfig;
import io.github.godwit.strategy.store.Database;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code godwit-strategy serve}: runs the service. */
@Command(
        name = "serve",
        description = "Runs the service, with audits, action plans and Watcher's API, until it is stopped.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  With a configuration file:",
            "    godwit-strategy serve --config /etc/godwit/strategy.yaml",
            "  Without one, for a try-out on this machine:",
            "    godwit-strategy serve --noauth --listen 127.0.0.1:9322 --data /tmp/godwit \\",
            "        --hosts http://10.0.0.1:9622,http://10.0.0.2:9622",
            "    openstack --os-auth-type none --os-endpoint http://127.0.0.1:9322 optimize strategy list"
        })
final class ServeServiceCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @ArgGroup(multiplicity = "1")
    private Source source;

    @Mixin
    private BandwidthOption bandwidth;

    /** The source of the configuration. */
    static final class Source {
        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "Configuration file in YAML; docs/service.md explains every key.")
        private Path config;

        @ArgGroup(exclusive = false)
        private TryOut tryOut;
    }

    /** The options of a try-out. */
    static final class TryOut {
        @SuppressWarnings("UnusedVariable") // only its presence matters
        @Option(
                names = "--noauth",
                required = true,
                description =
                        "Run without authentication and without a configuration file; every user of this machine may do everything.")
        private boolean noauth;

        @Option(
                names = "--listen",
                defaultValue = ServiceConfig.DEFAULT_LISTEN,
                paramLabel = "ADDRESS:PORT",
                description = "Loopback address to listen on (default: ${DEFAULT-VALUE}).")
        private String listen;

        @Option(
                names = "--data",
                required = true,
                paramLabel = "DIR",
                description = "Directory of the database; created if missing.")
        private Path data;

        @ArgGroup(exclusive = false, multiplicity = "1")
        private HostDriverOptions hostDrivers;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        ServiceConfig config;
        try {
            config = config();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
        Optional<ReloadedTls> tls = Optional.empty();
        if (config.transport().tls().isPresent()) {
            tls = Optional.of(new ReloadedTls(config.transport().tls().get()));
        }
        List<HostDriverClient> hostDrivers = config.hosts().stream()
                .map(HostDriverClient.sharing(config.hostToken(), HostDriverTimeouts.DEFAULT, tls))
                .toList();
        Endpoint endpoint = new Endpoint(
                config.listen(),
                tls.filter(own -> config.transport().ownPort()).map(own -> new ServerTls(own, false)),
                config.transport().behindProxy());
        TrailLog trailLog = trailLog(config.trailFile());
        CountDownLatch ended = new CountDownLatch(1);
        Database database = Database.open(config.databaseUrl(), config.databaseUser(), config.databasePassword());
        Service service = Service.start(
                database,
                new Service.Parts(
                        endpoint,
                        guard(config),
                        cloud(config, hostDrivers),
                        ShippedModel.predictor(),
                        config.pace(),
                        config.instance(),
                        config.longestMigration(),
                        bandwidth.model(),
                        config.racks(),
                        config.observe(),
                        trailLog,
                        tls.map(own -> () -> own.certificate().getNotAfter().toInstant())));
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            service.close();
                            ended.countDown();
                        },
                        "stop"));
        PrintWriter out = command.commandLine().getOut();
        out.println("godwit-strategy listens on %s://%s:%d with %d host drivers. Press Ctrl-C to stop it."
                .formatted(
                        endpoint.scheme(),
                        config.listen().getAddress().getHostAddress(),
                        service.port(),
                        hostDrivers.size()));
        out.flush();
        ended.await();
        return 0;
    }

    private static Cloud cloud(ServiceConfig config, List<HostDriverClient> hostDrivers) {
        KeystoneTerms terms = config.keystone();
        OpenStackSession session =
                terms == null ? null : new OpenStackSession(terms.url(), terms.self(), terms.timeout());
        if (!config.nova()) {
            return drivers(config.load(), hostDrivers, session, InstanceNames.NONE);
        }
        Nova nova = new Nova(session);
        Cloud drivers = drivers(config.load(), hostDrivers, session, new NovaInstanceNames(nova, Clock.systemUTC()));
        return new NovaCloud(drivers, nova, new Placement(session), Clock.systemUTC());
    }

    private static Cloud drivers(
            LoadSource load, List<HostDriverClient> hostDrivers, OpenStackSession session, InstanceNames names) {
        return load == null
                ? new HostDriverCloud(hostDrivers)
                : new HostDriverCloud(
                        hostDrivers, source -> new PrometheusLoad(source, load.client(session), load.terms(), names));
    }

    private static Guard guard(ServiceConfig config) {
        return config.keystone() == null
                ? new NoAuth(config.hostNames())
                : new KeystoneGuard(config.keystone(), Clock.systemUTC());
    }

    private static TrailLog trailLog(Path file) throws IOException {
        try {
            return file == null ? TrailLog.ordinary() : TrailLog.file(file);
        } catch (IOException e) {
            throw new IOException("The audit trail cannot be written to trail_file (%s): %s".formatted(file, e), e);
        }
    }

    private ServiceConfig config() throws IOException {
        if (source.config != null) {
            return ServiceConfig.read(source.config);
        }
        Files.createDirectories(source.tryOut.data);
        HostDriverOptions given = source.tryOut.hostDrivers;
        return ServiceConfig.tryOut(source.tryOut.listen, source.tryOut.data, given.urls(), given.token(), given.tls());
    }
}
