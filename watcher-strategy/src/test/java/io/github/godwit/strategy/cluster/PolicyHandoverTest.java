package io.github.godwit.strategy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.select.TechniqueTerms;
import io.github.godwit.model.traffic.ProjectBounds;
import io.github.godwit.model.traffic.TrafficClasses;
import io.github.godwit.strategy.FakeHostDriver;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How host drivers come by the operator's policies. */
@Timeout(60)
class PolicyHandoverTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final FakeHostDriver h1 = new FakeHostDriver("host h1\nvm web");
    private final FakeHostDriver h2 = new FakeHostDriver("host h2");
    private final HostDriverCloud cloud = new HostDriverCloud(List.of(h1.client(), h2.client()));

    @AfterEach
    void close() {
        h1.close();
        h2.close();
    }

    private static SloPolicy policy(String name, int version) {
        return new SloPolicy(name, version, "test", List.of(), Map.of(Metric.TOTAL_TIME, 1.0), TechniqueTerms.FREE);
    }

    private static PolicySet set(int version, Instant at, SloPolicy own) {
        List<SloPolicy> policies = new ArrayList<>(PolicySet.shipped().policies());
        policies.removeIf(shipped -> shipped.name().equals(own.name()));
        policies.add(own);
        return PolicySet.of(version, at, policies);
    }

    /** Like a rollback: the host driver has to choose. */
    private static MoveOrder order(String policy) {
        return new MoveOrder(
                UUID.randomUUID(), "web", "h1", "h2", null, policy, null, Duration.ofMinutes(1), null, null);
    }

    @Test
    void aSnapshotHandsTheSetToTheHostsThatLackIt() throws Exception {
        PolicySet set = set(3, NOON, policy("mine", 2));
        cloud.usePolicies(() -> set);

        cloud.read();

        assertThat(h1.policies()).isEqualTo(set);
        assertThat(h2.policies()).isEqualTo(set);
        assertThat(cloud.withoutPolicies()).isEmpty();
    }

    @Test
    void anOrderBringsThePolicyWithIt() {
        PolicySet set = set(3, NOON, policy("mine", 2));
        cloud.usePolicies(() -> set);

        cloud.migrate(order("mine"));

        assertThat(h1.policies()).as("handed over before the order").isEqualTo(set);
        assertThat(h1.requests())
                .singleElement()
                .satisfies(request -> assertThat(request.policyBody()).isEqualTo(policy("mine", 2)));
    }

    @Test
    void aRollbackGoesByTheShippedPolicyAsItWasEdited() {
        PolicySet set = set(3, NOON, policy("ensure_performance", 2));
        cloud.usePolicies(() -> set);

        cloud.migrate(order("ensure_performance"));

        assertThat(h1.requests())
                .singleElement()
                .satisfies(request ->
                        assertThat(request.policyFrom(PolicySet.shipped())).contains(policy("ensure_performance", 2)));
    }

    @Test
    void aSetThatNobodyChangedReplacesNoneAndIsStillInOrders() throws Exception {
        PolicySet ofAService = set(3, NOON, policy("mine", 2));
        h1.client().policies(ofAService);
        PolicySet ofAFile = PolicySet.of(0, Instant.EPOCH, List.of(policy("from_file", 0)));
        cloud.usePolicies(() -> ofAFile);

        cloud.read();
        cloud.migrate(order("from_file"));

        assertThat(h1.policies()).isEqualTo(ofAService);
        assertThat(h1.requests())
                .singleElement()
                .satisfies(request -> assertThat(request.policyBody()).isEqualTo(policy("from_file", 0)));
    }

    @Test
    void aNewerSetOfAnotherServiceStaysAndIsReported() throws Exception {
        h1.client().policies(set(1, NOON.plusSeconds(1), policy("theirs", 1)));
        PolicySet ours = set(9, NOON, policy("mine", 2));
        cloud.usePolicies(() -> ours);

        cloud.read();

        assertThat(h1.policies().version()).isEqualTo(1);
        assertThat(cloud.withoutPolicies())
                .singleElement()
                .satisfies(host -> assertThat(host.what()).isEqualTo("h1"))
                .satisfies(host -> assertThat(host.reason()).contains("newer than set 9 of this service"));
    }

    @Test
    void anOlderHostDriverIsReportedAndKeepsTheShippedPolicies() throws Exception {
        h1.older();
        PolicySet set = set(3, NOON, policy("ensure_performance", 2));
        cloud.usePolicies(() -> set);

        cloud.read();
        cloud.migrate(order("save_traffic"));

        assertThat(cloud.withoutPolicies())
                .singleElement()
                .satisfies(host -> assertThat(host.reason()).contains("older release"));
        assertThat(h1.requests()).hasSize(1);
        for (String policy : List.of("mine", "ensure_performance")) {
            assertThatThrownBy(() -> cloud.migrate(order(policy)))
                    .isInstanceOf(ServiceRefusal.class)
                    .hasMessageContaining("Upgrade it");
        }
        assertThat(h1.requests()).hasSize(1);
    }

    @Test
    void aHostDriverThatCouldNotTakeTheSetGetsItWithTheNextSnapshot() throws Exception {
        PolicySet set = set(3, NOON, policy("mine", 2));
        cloud.usePolicies(() -> set);
        h2.diskFull(true);
        cloud.read();
        assertThat(h2.policies()).isEqualTo(PolicySet.shipped());
        assertThat(cloud.withoutPolicies())
                .singleElement()
                .satisfies(host -> assertThat(host.what()).isEqualTo("h2"))
                .satisfies(host -> assertThat(host.reason()).contains("No space left on device"));

        h2.diskFull(false);
        cloud.read();

        assertThat(h2.policies()).isEqualTo(set);
        assertThat(cloud.withoutPolicies()).isEmpty();
    }

    @Test
    void aHostDriverThatIsDownIsReportedAndTheOthersGetTheSet() throws Exception {
        PolicySet set = set(4, NOON, policy("mine", 3));
        cloud.usePolicies(() -> set);
        h2.close();

        cloud.handOutPolicies();

        assertThat(h1.policies()).isEqualTo(set);
        assertThat(cloud.withoutPolicies())
                .singleElement()
                .satisfies(host -> assertThat(host.what()).isEqualTo(h2.url().toString()));
    }

    private static PolicySet withOwnTrafficClasses() {
        TrafficClasses shipped = TrafficClasses.shipped();
        return set(3, NOON, policy("mine", 2))
                .with(new TrafficClasses(
                        1,
                        shipped.types(),
                        List.of(new ProjectBounds(
                                "batch",
                                "p1",
                                1,
                                Map.of(
                                        Urgency.LOW,
                                        shipped.types().get(0).bounds().get(Urgency.LOW))))));
    }

    @Test
    void trafficClassesAreHandedOverWithTheSet() throws Exception {
        PolicySet set = withOwnTrafficClasses();
        cloud.usePolicies(() -> set);

        cloud.read();

        assertThat(h1.policies().trafficClasses()).isEqualTo(set.trafficClasses());
        assertThat(cloud.withoutPolicies()).isEmpty();
    }

    @Test
    void aHostDriverThatDoesNotKnowTrafficClassesGetsTheRestAndIsReported() throws Exception {
        h1.withoutTrafficClasses();
        PolicySet set = withOwnTrafficClasses();
        cloud.usePolicies(() -> set);

        cloud.read();

        assertThat(h1.policies().policy("mine").version()).isEqualTo(2);
        assertThat(h1.policies().trafficClasses()).isEqualTo(TrafficClasses.shipped());
        assertThat(h2.policies()).isEqualTo(set);
        assertThat(cloud.withoutPolicies())
                .singleElement()
                .satisfies(host -> assertThat(host.what()).isEqualTo("h1"))
                .satisfies(host -> assertThat(host.reason()).contains("only the traffic classes that ship"));

        cloud.read();
        assertThat(cloud.withoutPolicies()).as("as long as it is so").hasSize(1);
    }

    private static MoveOrder within(ReservationTerms terms) {
        return new MoveOrder(
                UUID.randomUUID(),
                "web",
                "h1",
                "h2",
                null,
                "save_traffic",
                null,
                Duration.ofMinutes(1),
                null,
                null,
                terms);
    }

    @Test
    void anOrderBringsItsTermsToAHostDriverThatAdaptsReservations() {
        ReservationTerms terms = new ReservationTerms(Urgency.LOW, 0.1, 0.3, 0.9);

        cloud.migrate(within(terms));

        assertThat(h1.requests())
                .singleElement()
                .satisfies(request -> assertThat(request.terms()).isEqualTo(terms));
    }

    @Test
    void aHostDriverThatKnowsNoTermsGetsNone() {
        h1.withFixedReservations();

        cloud.migrate(within(new ReservationTerms(Urgency.LOW, 0.1, 0.3, 0.9)));

        assertThat(h1.requests())
                .singleElement()
                .satisfies(request -> assertThat(request.terms()).isNull());
    }
}
