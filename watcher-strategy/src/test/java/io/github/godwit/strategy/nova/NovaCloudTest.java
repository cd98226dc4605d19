package io.github.godwit.strategy.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.select.TechniqueRule;
import io.github.godwit.model.select.TechniqueRule.Scope;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.traffic.ProjectBounds;
import io.github.godwit.model.traffic.SlaBound;
import io.github.godwit.model.traffic.SlaTerms;
import io.github.godwit.model.traffic.TrafficClasses;
import io.github.godwit.model.traffic.VmSla;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.nova.Nova;
import io.github.godwit.nova.Nova.Flavor;
import io.github.godwit.nova.Nova.Server;
import io.github.godwit.nova.Nova.Zone;
import io.github.godwit.nova.NovaHosts;
import io.github.godwit.nova.NovaHosts.ComputeService;
import io.github.godwit.nova.NovaLiveMigrations;
import io.github.godwit.nova.OpenStackException;
import io.github.godwit.nova.OpenStackFaults;
import io.github.godwit.nova.Placement;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.cluster.MoveOrder;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.ServiceRefusal.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nova and the host drivers are mocked, because they do not fail on demand; {@code devstack/openstack} tests with the real services. */
@Timeout(60)
class NovaCloudTest {

    private static final UUID ID = UUID.fromString("c4b4e2a6-6a1e-4d0f-a7a4-2f4f2a3c9d10");
    private static final String SERVER = "5f0a1c5e-5df0-4f4e-9b4f-0a4b54a0f001";
    private static final MoveOrder ORDER =
            new MoveOrder(ID, SERVER, "h1", "h2", Technique.PRE_COPY, null, null, Duration.ofMinutes(1), null, null);
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final Cloud hostDrivers = mock();
    private final Nova nova = mock();
    private final NovaHosts hosts = mock();
    private final NovaLiveMigrations liveMigrations = mock();
    private Instant now = NOON;
    private final NovaCloud cloud = new NovaCloud(hostDrivers, nova, mock(Placement.class), () -> now);

    private Phase phase = Phase.PREPARING;

    @BeforeEach
    void oneActiveServerOnH1AndAHostDriverThatHasDecided() throws InterruptedException {
        when(hostDrivers.read()).thenReturn(new ClusterModel(List.of(), List.of(), List.of()));
        when(nova.hosts()).thenReturn(hosts);
        when(nova.liveMigrations()).thenReturn(liveMigrations);
        server("ACTIVE", "h1", "");
        doAnswer(call -> {
                    server("MIGRATING", "h1", "");
                    return null;
                })
                .when(nova)
                .liveMigrate(SERVER, "h2");
        when(hostDrivers.migrate(ORDER)).thenAnswer(call -> status());
        when(hostDrivers.findMigration("h1", ID)).thenAnswer(call -> Optional.of(status()));
        when(hostDrivers.follow(any(), any(), any(), any())).thenAnswer(call -> status());
        when(hostDrivers.techniques(SERVER, "h1", "h2")).thenReturn(TechniqueAvailability.all());
        doAnswer(call -> {
                    phase = Phase.CANCELLED;
                    return null;
                })
                .when(hostDrivers)
                .cancel("h1", ID);
    }

    private void server(String status, String host, String technique) {
        server(status, host, technique, "");
    }

    private void server(String status, String host, String technique, String flavorTechnique) {
        when(nova.findServer(SERVER)).thenReturn(Optional.of(found(status, host, technique, flavorTechnique)));
    }

    @Test
    void theRulesOfBothHostsAggregatesAndOfTheProjectNarrowWhatPlansMayUse() {
        PolicySet set = new PolicySet(
                1,
                NOON,
                PolicySet.shipped().policies(),
                List.of(
                        new TechniqueRule(Scope.PROJECT, "project", Set.of(), Set.of(), Set.of(Technique.ZSTD)),
                        new TechniqueRule(Scope.PROJECT, "other", Set.of(), Set.of(), Set.of(Technique.PRE_COPY)),
                        new TechniqueRule(
                                Scope.AGGREGATE, "slow", Set.of("h2"), Set.of(), Set.of(Technique.AUTO_CONVERGE))));
        cloud.usePolicies(() -> set);
        server("ACTIVE", "h1", "!DCZlib");

        assertThat(cloud.techniques(SERVER, "h1", "h2").unavailable())
                .containsOnly(
                        Map.entry(Technique.ZSTD, "is forbidden by the operator for project project"),
                        Map.entry(Technique.AUTO_CONVERGE, "is forbidden by the operator for aggregate slow"),
                        Map.entry(Technique.ZLIB, "is not allowed by godwit:technique of the server or of its flavor"));
    }

    @Test
    void theHostsOfAggregatesAreThoseOfNova() {
        when(hosts.aggregates())
                .thenReturn(List.of(new NovaHosts.Aggregate(1, "ssd", null, List.of("h1", "h2"), Map.of())));
        assertThat(cloud.aggregates()).isEqualTo(Map.of("ssd", Set.of("h1", "h2")));
    }

    private static Server found(String status, String host, String technique) {
        return found(status, host, technique, "");
    }

    private static Server found(String status, String host, String technique, String flavorTechnique) {
        return new Server(
                SERVER,
                "web",
                "instance-00000001",
                host,
                "project",
                status,
                null,
                false,
                Map.of("godwit:technique", technique),
                new Flavor("small", 1, 256, 0, 0, 0, Map.of("godwit:technique", flavorTechnique)),
                new Zone("nova", null, true),
                true);
    }

    private MigrationStatus status() {
        return new MigrationStatus(
                ID.toString(), SERVER, "h1", "h2", Technique.PRE_COPY, null, phase, null, null, null, null);
    }

    private MigrationStatus follow() throws InterruptedException {
        return cloud.follow("h1", ID, Duration.ofMinutes(1), event -> {});
    }

    private static OpenStackException fault(int status) {
        return status == OpenStackException.NO_ANSWER
                ? OpenStackFaults.noAnswer()
                : OpenStackFaults.answered(status, "No valid host.");
    }

    @Test
    void novaMigratesOnceTheHostDriverHasDecided() throws Exception {
        cloud.migrate(ORDER);
        verify(nova).liveMigrate(SERVER, "h2");
        assertThat(cloud.findMigration("h1", ID).orElseThrow().phase()).isEqualTo(Phase.PREPARING);
        phase = Phase.COMPLETED;
        server("ACTIVE", "h2", "");
        assertThat(follow().phase()).isEqualTo(Phase.COMPLETED);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 409, 500, OpenStackException.NO_ANSWER})
    void anOrderThatNovaRefusesAtOnceIsCancelled(int status) {
        OpenStackException fault = fault(status);
        doThrow(fault).when(nova).liveMigrate(SERVER, "h2");

        assertThatThrownBy(() -> cloud.migrate(ORDER))
                .isInstanceOf(ServiceRefusal.class)
                .hasMessage(fault.getMessage());
        assertThat(phase).isEqualTo(Phase.CANCELLED);
    }

    @Test
    void novasReasonIsReportedEvenIfTheHostDriverCannotCancel() {
        doThrow(fault(409)).when(nova).liveMigrate(SERVER, "h2");
        doThrow(new IllegalStateException("no answer")).when(hostDrivers).cancel("h1", ID);

        assertThatThrownBy(() -> cloud.migrate(ORDER)).hasMessageContaining("No valid host.");
    }

    @Test
    void aPausedServerIsNotMigrated() {
        server("PAUSED", "h1", "");
        assertThatThrownBy(() -> cloud.migrate(ORDER))
                .isInstanceOf(ServiceRefusal.class)
                .hasMessageContaining("is PAUSED");
        verify(nova, never()).liveMigrate(any(), any());
        assertThat(phase).isEqualTo(Phase.CANCELLED);
    }

    @Test
    void aRepeatedOrderIsNotRequestedTwice() {
        cloud.migrate(ORDER);
        cloud.migrate(ORDER);

        verify(nova, times(1)).liveMigrate(SERVER, "h2");
    }

    @Test
    void anOrderThatNovaRejectsLaterIsCancelled() throws Exception {
        cloud.migrate(ORDER);
        server("ACTIVE", "h1", "");
        assertThat(follow().phase()).isEqualTo(Phase.CANCELLED);
    }

    @Test
    void anOrderThatNovaRejectsLaterIsReportedAsCancelled() {
        cloud.migrate(ORDER);
        server("ACTIVE", "h1", "");
        assertThat(cloud.findMigration("h1", ID).orElseThrow().phase()).isEqualTo(Phase.CANCELLED);
    }

    @Test
    void anOrderThatNovaDoesNotHaveYetWaits() {
        assertThat(cloud.findMigration("h1", ID).orElseThrow().phase()).isEqualTo(Phase.PREPARING);
        verify(hostDrivers, never()).cancel(any(), any());
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 500, OpenStackException.NO_ANSWER})
    void anOrderIsNotTakenAsRejectedWhileNovaFails(int status) {
        cloud.migrate(ORDER);
        when(nova.findServer(SERVER)).thenThrow(fault(status));

        assertThat(cloud.findMigration("h1", ID).orElseThrow().phase()).isEqualTo(Phase.PREPARING);
        verify(hostDrivers, never()).cancel(any(), any());
    }

    @Test
    void novasFailuresDuringItsCleanupAreWaitedOut() throws Exception {
        cloud.migrate(ORDER);
        phase = Phase.COMPLETED;
        when(nova.findServer(SERVER))
                .thenThrow(fault(500))
                .thenThrow(fault(OpenStackException.NO_ANSWER))
                .thenReturn(Optional.of(found("ACTIVE", "h2", "")));

        assertThat(follow().phase()).isEqualTo(Phase.COMPLETED);
    }

    @Test
    void aServerThatIsNotWhereLibvirtHasMigratedItIsReported() throws Exception {
        cloud.migrate(ORDER);
        phase = Phase.COMPLETED;
        server("ERROR", "h1", "");

        MigrationStatus ended = follow();
        assertThat(ended.phase()).isEqualTo(Phase.FAILED);
        assertThat(ended.error())
                .startsWith("libvirt has migrated server %s to h2, but according to Nova it is ERROR on h1."
                        .formatted(SERVER));
    }

    @Test
    void theTechniqueConstraintOfAServerIsApplied() {
        server("ACTIVE", "h1", "!PRE");
        assertThat(available()).doesNotContain(Technique.PRE_COPY).contains(Technique.POST_COPY);
        server("ACTIVE", "h1", "POST");
        assertThat(available()).containsExactly(Technique.POST_COPY);
        server("ACTIVE", "h1", "WARP");
        assertThat(available()).hasSize(Technique.values().length);
    }

    @Test
    void theMetadataOfAServerNarrowsWhatItsFlavorAllows() {
        server("ACTIVE", "h1", "", "!POST");
        assertThat(available()).doesNotContain(Technique.POST_COPY).contains(Technique.PRE_COPY);
        server("ACTIVE", "h1", "!PRE", "!POST");
        assertThat(available()).doesNotContain(Technique.POST_COPY, Technique.PRE_COPY);
        server("ACTIVE", "h1", "POST", "!POST");
        assertThat(available()).doesNotContain(Technique.POST_COPY).contains(Technique.PRE_COPY);
        server("ACTIVE", "h1", "nova", "!POST");
        assertThat(available()).isEmpty();
    }

    private Iterable<Technique> available() {
        return cloud.techniques(SERVER, "h1", "h2").available();
    }

    private void oneHostIsDisabled() {
        when(hosts.services()).thenReturn(List.of(new ComputeService("7", "h2", "nova", false, true, "maintenance")));
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 500, OpenStackException.NO_ANSWER})
    void aRunningPlanUsesTheLastRulesWhileNovaFails(int status) {
        oneHostIsDisabled();
        cloud.rules();
        now = NOON.plusSeconds(6);
        when(hosts.services()).thenThrow(fault(status));

        assertThat(cloud.rules().closed()).containsExactly("h2");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 500, OpenStackException.NO_ANSWER})
    void nothingIsDecidedWithoutNovasRules(int status) throws Exception {
        oneHostIsDisabled();
        when(hostDrivers.read()).thenReturn(new ClusterModel(List.of(), List.of(), List.of()));
        cloud.rules();
        when(nova.groups()).thenThrow(fault(status));
        when(hosts.aggregates()).thenThrow(fault(status));
        when(nova.findServer(SERVER)).thenThrow(fault(status));

        assertUnavailable(cloud::read);
        assertUnavailable(cloud::facts);
        assertUnavailable(() -> cloud.techniques(SERVER, "h1", "h2"));
    }

    private static void assertUnavailable(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ServiceRefusal.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(Kind.UNAVAILABLE));
    }

    @Test
    void theRulesAreReadAgainAfterFiveSecondsOrAfterAHostWasDisabled() {
        oneHostIsDisabled();
        cloud.rules();
        now = NOON.plusSeconds(4);
        cloud.rules();
        verify(hosts, times(1)).services();
        now = NOON.plusSeconds(5);
        cloud.rules();
        verify(hosts, times(2)).services();

        cloud.setEnabled("h2", true, "");
        cloud.rules();
        verify(hosts).setEnabled("7", true, "");
        verify(hosts, times(4)).services(); // one of them by setEnabled, to find the service
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 409, 500, OpenStackException.NO_ANSWER})
    void aHostThatNovaDoesNotDisableIsReported(int status) {
        oneHostIsDisabled();
        doThrow(fault(status)).when(hosts).setEnabled(any(), anyBoolean(), any());

        assertUnavailable(() -> cloud.setEnabled("h2", false, "maintenance"));
        assertThatThrownBy(() -> cloud.setEnabled("h9", false, "maintenance"))
                .hasMessage("Nova has no nova-compute on host 'h9'.");
    }

    private VmSla sla() {
        VmStatus vm =
                DrawnCluster.draw("host h1\n vm %s out=400".formatted(SERVER)).vm(SERVER);
        return cloud.slas(List.of(vm), Urgency.MEDIUM).get(SERVER);
    }

    @Test
    void theSlaOfAServerFollowsItsProjectItsFlavorAndItsOwner() {
        assertThat(sla().bounds().lower()).as("75 % at medium urgency").isEqualTo(Bandwidth.ofMegabits(300));

        SlaTerms less = new SlaTerms(SlaBound.parse("100mbit"), SlaBound.parse("200mbit"));
        cloud.usePolicies(() -> PolicySet.shipped()
                .with(new TrafficClasses(
                        1,
                        TrafficClasses.shipped().types(),
                        List.of(new ProjectBounds("content_delivery", "project", 1, Map.of(Urgency.MEDIUM, less))))));
        assertThat(sla().bounds().lower()).isEqualTo(Bandwidth.ofMegabits(100));

        when(nova.findServer(SERVER))
                .thenReturn(Optional.of(wishing(
                        Map.of("godwit:sla_lower", "150mbit"),
                        Map.of("godwit:urgency", "high", "godwit:sla_upper", "120mbit"))));
        VmSla sla = sla();
        assertThat(sla.urgency()).isEqualTo(Urgency.MEDIUM);
        assertThat(sla.bounds().lower()).isEqualTo(Bandwidth.ofMegabits(120));
        assertThat(sla.notes()).singleElement().asString().contains("godwit:urgency high");
    }

    @Test
    void aVmThatNovaDoesNotKnowHasTheSlaOfItsClass() {
        when(nova.findServer("other")).thenReturn(Optional.empty());
        VmStatus vm = DrawnCluster.draw("host h1\n vm other").vm("other");
        assertThat(cloud.slas(List.of(vm), Urgency.MEDIUM).get("other").type()).isEqualTo("archival_idle");
    }

    private static Server wishing(Map<String, String> extraSpecs, Map<String, String> metadata) {
        return new Server(
                SERVER,
                "web",
                "instance-00000001",
                "h1",
                "project",
                "ACTIVE",
                null,
                false,
                metadata,
                new Flavor("small", 1, 256, 0, 0, 0, extraSpecs),
                new Zone("nova", null, true),
                true);
    }
}
