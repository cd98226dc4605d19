package io.github.godwit.host.nova.reserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.verify;

import io.github.godwit.common.FakeServer;
import io.github.godwit.host.libvirt.JobEvent;
import io.github.godwit.host.migrate.FakeHost;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.nova.MigrationAdvice;
import io.github.godwit.host.nova.NovaMessage;
import io.github.godwit.host.nova.NovaMessage.Kind;
import io.github.godwit.host.nova.NovaMigrationAdvisor;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.util.List;
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

    /** The queries of the requests to the other host whose path ends like this. */
    private List<String> sent(String path) {
        return host.peerServer().requests().stream()
                .map(FakeServer.Received::what)
                .filter(what -> what.replaceFirst("\\?.*", "").endsWith(path))
                .map(what -> what.contains("?") ? what.substring(what.indexOf('?') + 1) : "")
                .toList();
    }

    @Test
    void aPortThatCannotBeReachedIsNotUsedAndNotAskedForAgainForAWhile() throws Exception {
        host.planPort(29_349); // nobody listens there
        MigrationAdvice advice = ask(true);
        assertThat(advice.technique()).isNotNull();
        assertThat(advice.port()).isZero();
        complete();

        assertThat(host.here().portRefusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.destination()).isEqualTo("there");
            assertThat(refusal.words()).isEqualTo("port 29349 of 127.0.0.1 cannot be reached: Connection refused");
        });
        assertThat(last().outcome().notes())
                .anyMatch(note -> note.contains("port 29349 of 127.0.0.1 cannot be reached"));
        assertThat(ask(true).port()).isZero();
        assertThat(sent("/v1/incoming")).containsExactly("confirm=true&port=true", "confirm=true");
    }

    @Test
    void aPortThatIsNotReachedIsGivenBackAlsoIfTheRateStaysAsItIs() throws Exception {
        host.planPort(29_349);
        startPlanned();

        assertThat(ask(true).port()).isZero();

        assertThat(host.await(() -> sent("/confirm").isEmpty() ? null : sent("/confirm")))
                .containsExactly("port=false");
        assertThat(host.reserved()).as("what libvirt uses then is reserved").containsExactlyInAnyOrder("here", "there");
    }

    @Test
    void aPortThatIsReachedIsKept() throws Exception {
        givePort();
        startPlanned();
        assertThat(ask(true).port()).isPositive();
        assertThat(host.await(() -> sent("/confirm").isEmpty() ? null : sent("/confirm")))
                .containsExactly("");
        complete();
        assertThat(host.here().portRefusals()).isEmpty();
    }

    @Test
    void whereNovaBeginsAgainWithItsOwnFlagsBothHostsMatchLibvirtsPorts() throws Exception {
        int port = givePort();
        startPlanned();
        assertThat(ask(true).port()).isEqualTo(port);
        host.await(() -> last().phase() == Phase.MIGRATING ? true : null);

        say(Kind.REFUSED, "PRE", null);

        assertThat(host.await(() -> sent("/confirm").size() < 2 ? null : sent("/confirm")))
                .containsExactly("", "port=false");
        verify(host.reservation()).match(PortRange.LIBVIRT);
        complete();
        assertThat(host.here().portRefusals())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.words())
                        .isEqualTo("libvirt did not migrate to port %d: no".formatted(port)));
    }

    /** A migration that somebody has ordered with a fixed rate. */
    private void startPlanned() throws InterruptedException {
        advisor.migrations()
                .start(MigrationRequest.of(FakeHost.VM, host.peer())
                        .technique(Technique.PRE_COPY)
                        .policy("ensure_performance")
                        .reservation(Bandwidth.parse("300mbit"))
                        .build());
        host.await(() -> last().phase() == Phase.PREPARING ? true : null);
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
