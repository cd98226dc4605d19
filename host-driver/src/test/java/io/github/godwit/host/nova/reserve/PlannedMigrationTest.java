package io.github.godwit.host.nova.reserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.libvirt.JobEvent;
import io.github.godwit.host.migrate.FakeHost;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.nova.MigrationAdvice;
import io.github.godwit.host.nova.NovaMessage;
import io.github.godwit.host.nova.NovaMessage.Kind;
import io.github.godwit.host.nova.NovaMigrationAdvisor;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Migrations of Nova to a port that the destination keeps for them. */
@Timeout(60)
class PlannedMigrationTest {

    private static final String HERE = "127.0.0.1";

    private final PlannedPorts ports = new PlannedPorts(new PortRange(29_330, 29_339));
    private FakeHost host;
    private NovaMigrationAdvisor advisor;

    @BeforeEach
    void start() throws Exception {
        host = new FakeHost();
        advisor = host.advisor();
    }

    @AfterEach
    void stop() {
        advisor.close();
        host.close();
    }

    private MigrationAdvice ask(Boolean takesPort) {
        return say(Kind.ASK, "PRE", takesPort);
    }

    private MigrationAdvice say(Kind kind, String technique, Boolean takesPort) {
        return advisor.apply(new NovaMessage(
                kind,
                FakeHost.VM,
                "there",
                null,
                27,
                technique,
                null,
                "no",
                null,
                null,
                false,
                null,
                takesPort,
                null,
                null));
    }

    private int givePort() {
        int port = ports.give("m", HERE).orElseThrow();
        host.planPort(port);
        return port;
    }

    private void complete() throws InterruptedException {
        host.publish(new JobEvent.Completed(FakeHost.stats(1_000, 10)));
        host.await(() -> last().phase().isFinal() ? true : null);
    }

    private MigrationStatus last() {
        return advisor.migrations().all().stream().reduce((one, two) -> two).orElseThrow();
    }

    @Test
    void thePortThatTheDestinationKeepsIsPassedOnToNovaCompute() {
        int port = givePort();
        MigrationAdvice advice = ask(true);
        assertThat(advice.port()).as(advice.reason()).isEqualTo(port);
        assertThat(advice.address()).isEqualTo(HERE);
    }

    @Test
    void anOlderComputeDriverGetsNone() {
        givePort();
        assertThat(ask(null).port()).isZero();
        assertThat(last().phase()).isNotEqualTo(Phase.FAILED);
    }

    @Test
    void aPortThatCannotBeReachedIsNotUsed() {
        host.planPort(29_349); // nobody listens there
        MigrationAdvice advice = ask(true);
        assertThat(advice.technique()).isNotNull();
        assertThat(advice.port()).isZero();
    }

    @Test
    void aDestinationWherePortsFailIsNotAskedForOneAgainAndTheTechniqueIsNotBlamed() throws Exception {
        givePort();
        assertThat(ask(true).port()).isPositive();
        host.await(() -> last().phase() == Phase.MIGRATING ? true : null);
        say(Kind.REFUSED, "PRE", null);
        complete();
        assertThat(host.refusals().inEffect()).isEmpty();

        givePort();
        assertThat(ask(true).port()).isZero();
    }
}
