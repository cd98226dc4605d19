package io.github.godwit.strategy.service;

import io.github.godwit.common.trail.TrailLog;
import io.github.godwit.model.bandwidth.BandwidthModel;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.plan.Racks;
import io.github.godwit.strategy.rest.Guard;
import io.github.godwit.strategy.rest.NoAuth;
import io.github.godwit.strategy.rest.server.Endpoint;
import io.github.godwit.strategy.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** A complete instance of the service, and a client without a token. */
final class TestService extends TestClient implements AutoCloseable {

    private static final Tasks.Pace PACE =
            new Tasks.Pace(Duration.ofMillis(50), Duration.ofSeconds(2), Duration.ofHours(24), Duration.ZERO);

    /** So fast that tests can observe the death of an instance. An instance that is delayed for a second also counts as dead. */
    static final Tasks.Pace SHORT_LIVED =
            new Tasks.Pace(Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofHours(24), Duration.ZERO);

    private final Service service;

    TestService(Database database, Cloud cloud, String instance) {
        this(database, cloud, instance, NoAuth.LOOPBACK_ONLY);
    }

    TestService(Database database, Cloud cloud, String instance, Guard guard) {
        this(database, cloud, instance, guard, PACE);
    }

    TestService(Database database, Cloud cloud, String instance, Guard guard, Tasks.Pace pace) {
        this(database, cloud, instance, guard, pace, false);
    }

    /** Returns an instance that only observes. */
    static TestService observing(Database database, Cloud cloud) {
        return new TestService(database, cloud, "one", NoAuth.LOOPBACK_ONLY, PACE, true);
    }

    private TestService(
            Database database, Cloud cloud, String instance, Guard guard, Tasks.Pace pace, boolean observe) {
        super(null);
        try {
            service = Service.start(
                    database,
                    new Service.Parts(
                            Endpoint.http(new InetSocketAddress(InetAddress.getLoopbackAddress(), port())),
                            guard,
                            cloud,
                            new AnalyticPredictor(),
                            pace,
                            instance,
                            Duration.ofMinutes(5),
                            BandwidthModel::published,
                            Racks.NONE,
                            observe,
                            TrailLog.ordinary(),
                            Optional.empty()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a free port that does not end in 1: python-watcherclient strips every 1 from the end of an endpoint, as part of "/v1". */
    private static int port() {
        int port = Daemon.freePort();
        while (port % 10 == 1) {
            port = Daemon.freePort();
        }
        return port;
    }

    /** Returns a client with a token. */
    TestClient as(String token) {
        return new TestClient(token) {
            @Override
            URI url(String path) {
                return TestService.this.url(path);
            }
        };
    }

    @Override
    URI url(String path) {
        return URI.create("http://127.0.0.1:%d%s".formatted(service.port(), path));
    }

    @Override
    public void close() {
        service.close();
    }
}
