package io.github.godwit.host.rest;

import io.github.godwit.common.rest.RestServer;
import io.github.godwit.host.access.HostAccess;
import io.github.godwit.host.migrate.FakeHost;
import io.github.godwit.host.nova.NovaMigrationAdvisor;
import io.github.godwit.host.policy.PolicySets;
import io.github.godwit.host.trail.HostTrail;
import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.HostStatusBuilder;
import io.github.godwit.hostapi.PolicyContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real host driver keeps the contract: its REST API, its migrations, its policy set. */
@Timeout(60)
class PoliciesTest extends PolicyContract {

    @TempDir
    private Path directory;

    private FakeHost host;
    private NovaMigrationAdvisor advisor;
    private EventStreams streams;
    private RestServer server;

    @BeforeEach
    void start() throws IOException {
        PolicySets policies = new PolicySets(directory.resolve("policies.json"));
        host = new FakeHost();
        host.choosesBy(policies);
        advisor = host.advisor();
        streams = new EventStreams(advisor.migrations());
        server = HostApiServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                List.of(
                        new HostResource(() -> with(host.here(), policies)),
                        new PoliciesResource(policies),
                        new MigrationsResource(advisor.migrations(), streams)),
                HostAccess.OPEN,
                new HostTrail(line -> {}, "h1", InstantSource.system()));
    }

    private static HostStatus with(HostStatus status, PolicySets policies) {
        return HostStatusBuilder.like(status).policies(policies.version()).build();
    }

    @AfterEach
    void stop() {
        server.close();
        streams.close();
        advisor.close();
        host.close();
    }

    @Override
    protected URI url() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    @Override
    protected String vm() {
        return FakeHost.VM;
    }

    @Override
    protected URI destination() {
        return host.peer();
    }
}
