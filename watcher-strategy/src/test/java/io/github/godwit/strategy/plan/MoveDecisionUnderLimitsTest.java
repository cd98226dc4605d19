package io.github.godwit.strategy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.HostStatusBuilder;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.technique.MigrationLimits;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.decide.Move;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Plans keep to the limits that the operator of the source sets in nova.conf. */
class MoveDecisionUnderLimitsTest {

    private static final VmProfile VM =
            VmProfile.unmeasured(new VmDefinition("a", MemorySize.parse("256M"), 1, "kernel", "", Accelerator.KVM, 0));
    private static final MigrationLimits LIMITS =
            new MigrationLimits(Duration.ofMillis(500), Bandwidth.ofMegabits(400), 4, true);

    @Test
    void theLimitsOfTheSourceAreThoseOfThePrediction() {
        PlannedMigration planned = decide(host("h1", LIMITS), host("h2", MigrationLimits.NONE));

        assertThat(planned.migrationCase().tuning())
                .isEqualTo(LIMITS.applyTo(MigrationTuning.forVm(VM)).withTimeLimit(Duration.ofMinutes(1)));
        assertThat(planned.reason())
                .endsWith("(live_migration_with_native_tls), which the prediction does not include.");
    }

    @Test
    void theLimitsOfTheDestinationDoNotMatter() {
        PlannedMigration planned = decide(host("h1", MigrationLimits.NONE), host("h2", LIMITS));

        assertThat(planned.migrationCase().tuning().downtimeLimit()).isEqualTo(MigrationTuning.DEFAULT.downtimeLimit());
        assertThat(planned.reason()).doesNotContain("live_migration_with_native_tls");
    }

    private static PlannedMigration decide(ClusterHost source, ClusterHost destination) {
        return new MoveDecision(
                        new AnalyticPredictor(),
                        SloPolicies.shipped().get("ensure_performance"),
                        ReservationTerms.DEFAULT,
                        Duration.ofMinutes(1))
                .decide(
                        new Move("a", "h1", "h2", "h1 is hot."),
                        VM,
                        source,
                        destination,
                        TechniqueAvailability.all(),
                        0);
    }

    private static ClusterHost host(String name, MigrationLimits limits) {
        ClusterHost drawn = DrawnCluster.draw("host %s out=100".formatted(name)).host(name);
        HostStatus status = drawn.status();
        return new ClusterHost(
                drawn.url(),
                HostStatusBuilder.like(status)
                        .capabilities(status.capabilities().under(Map.of(), limits))
                        .build());
    }
}
