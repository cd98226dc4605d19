package io.github.godwit.strategy.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.profile.WorkloadClass;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.traffic.TrafficClasses;
import io.github.godwit.model.traffic.WorkloadType;
import io.github.godwit.strategy.FakeHostDriver;
import io.github.godwit.strategy.cluster.HostDriverCloud;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.decide.Move;
import io.github.godwit.strategy.objects.MigrateParameters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rates that host drivers report reach the classes and the reasons of planned migrations. */
@Timeout(60)
class TrafficInPlansTest {

    private final FakeHostDriver h1 = new FakeHostDriver(
            "host h1 cpu=0.9 in=20 out=600\n vm stream cores=0.5 in=10 out=300\n vm quiet cores=0.5");
    private final FakeHostDriver h2 = new FakeHostDriver("host h2 in=300 out=290\n");
    private final HostDriverCloud cloud = new HostDriverCloud(List.of(h1.client(), h2.client()));

    @AfterEach
    void close() {
        h1.close();
        h2.close();
    }

    private PlannedMigration plan(String vm) throws InterruptedException {
        MoveDecision decision = new MoveDecision(
                new AnalyticPredictor(),
                SloPolicies.shipped().get("ensure_performance"),
                ReservationTerms.DEFAULT,
                Duration.ofMinutes(5));
        return new MovePlanner(cloud, decision, new MovePlanner.Listener() {})
                .plan(cloud.read(), List.of(new Move(vm, "h1", "h2", "h1 is hot.")))
                .migrations()
                .get(0);
    }

    @Test
    void aVmWithTrafficIsNetworkIntensiveAndItsReasonTellsTheTrafficOfAllThree() throws Exception {
        PlannedMigration planned = plan("stream");

        assertThat(WorkloadClass.of(planned.migrationCase().vm())).contains(WorkloadClass.NETWORK_INTENSIVE);
        assertThat(planned.reason())
                .startsWith(
                        "h1 is hot. Its traffic is outbound (content_delivery, medium urgency: 225 to 300 Mbit/s for"
                                + " its applications), that of h1 outbound, that of h2 mixed.")
                .contains("network-intensive");
    }

    @Test
    void aVmWithoutTrafficIsNot() throws Exception {
        PlannedMigration planned = plan("quiet");

        assertThat(WorkloadClass.of(planned.migrationCase().vm())).doesNotContain(WorkloadClass.NETWORK_INTENSIVE);
        assertThat(planned.reason()).contains("Its traffic is idle (archival_idle");
    }

    @Test
    void theOperatorsClassesHold() throws Exception {
        List<WorkloadType> types = new ArrayList<>(TrafficClasses.shipped().types());
        WorkloadType delivery =
                TrafficClasses.shipped().find("content_delivery").orElseThrow();
        types.add(
                0,
                new WorkloadType(
                        "video",
                        1,
                        "",
                        "",
                        delivery.traffic(),
                        delivery.atLeast(),
                        null,
                        TrafficClasses.shipped().find("batch").orElseThrow().bounds()));
        cloud.usePolicies(() -> PolicySet.shipped().with(new TrafficClasses(1, types, List.of())));

        assertThat(plan("stream").reason()).contains("(video, %s urgency: 150 to 225 Mbit/s".formatted(Urgency.MEDIUM));
    }

    /** Content delivery at medium urgency keeps 75 to 100 % of the 300 Mbit/s that stream sends, of a link of 1000. */
    @Test
    void aMigrationLeavesTheVmsThatStayTheirBounds() throws Exception {
        ReservationTerms terms = plan("quiet").terms().orElseThrow();

        assertThat(terms.slaLower()).isCloseTo(0.225, within(0.02));
        assertThat(terms.slaUpper()).isCloseTo(0.3, within(0.02));
    }

    @Test
    void whereNoOtherVmHasTrafficTheUsualSharesHold() throws Exception {
        assertThat(plan("stream").terms()).contains(ReservationTerms.DEFAULT);
    }

    @Test
    void theTermsReachTheOrder() throws Exception {
        MigrateParameters parameters = MigrateParameters.of(plan("quiet"), Instant.EPOCH);

        MigrateParameters stored = MigrateParameters.read(Texts.mapper().valueToTree(parameters));

        assertThat(stored.reservationTerms())
                .isEqualTo(parameters.reservationTerms())
                .isNotNull();
        assertThat(stored.order(UUID.randomUUID()).terms()).isEqualTo(stored.reservationTerms());
    }
}
