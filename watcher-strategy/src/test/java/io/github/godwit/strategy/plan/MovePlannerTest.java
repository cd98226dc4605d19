package io.github.godwit.strategy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.strategy.FakeHostDriver;
import io.github.godwit.strategy.cluster.HostDriverCloud;
import io.github.godwit.strategy.decide.Move;
import io.github.godwit.strategy.plan.MigrationPlan.Unplanned;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans with two moves from h1 to h2. The host driver of h1 cannot profile the first VM. */
@Timeout(60)
class MovePlannerTest {

    private static final List<Move> MOVES =
            List.of(new Move("a", "h1", "h2", "h1 is hot."), new Move("b", "h1", "h2", "h1 is still hot."));

    private final FakeHostDriver h1 = new FakeHostDriver("""
            host h1 cpu=1.0 used=0.3
              vm a memory=512 resident=300 cores=0.8
              vm b memory=256 resident=200 cores=0.6
            """);
    private final FakeHostDriver h2 = new FakeHostDriver("host h2 cpu=0.2");

    @AfterEach
    void close() {
        h1.close();
        h2.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503})
    void aVmThatCannotBeProfiledIsPlannedWithPlainPreCopyAndTheReasonSaysSo(int status) throws Exception {
        h1.notProfiling("a", status);

        PlannedMigration planned = plan().migrations().get(0);

        assertThat(planned.move().vm()).isEqualTo("a");
        assertThat(planned.choice().technique()).isEqualTo(Technique.PRE_COPY);
        assertThat(planned.choice().prediction().basis()).isEqualTo(Basis.UNSURE);
        assertThat(planned.migrationCase().vm().nothingMeasured()).isTrue();
        assertThat(planned.migrationCase().vm().memory().mebibytes()).isEqualTo(512);
        assertThat(planned.reason())
                .startsWith(
                        "h1 is hot. Its traffic is idle (archival_idle, medium urgency: 1 to 5 Mbit/s for its applications),"
                                + " that of h1 idle, that of h2 idle. PRE")
                .contains("Too little is known about the VM to predict it, so plain pre-copy is used."
                        + " It could not be measured how much it writes."
                        + " It could not be measured what its memory holds."
                        + " It could not be measured how much CPU it uses.");
    }

    @Test
    void theOtherMovesOfThePlanAreNotAffected() throws Exception {
        MigrationPlan otherwise = plan();
        h1.notProfiling("a", 500);

        MigrationPlan plan = plan();

        assertThat(plan.unplanned()).isEmpty();
        assertThat(plan.migrations()).hasSize(2);
        assertThat(plan.migrations().get(1)).isEqualTo(otherwise.migrations().get(1));
        assertThat(plan.migrations().get(1).reason()).doesNotContain("could not be measured");
    }

    @Test
    void aMissingVmIsNotPlannedAndTheOthersAre() throws Exception {
        h1.notProfiling("a", 404);

        MigrationPlan plan = plan();

        assertThat(plan.unplanned()).singleElement().satisfies(MovePlannerTest::isOfTheFirstMove);
        assertThat(plan.migrations()).extracting(planned -> planned.move().vm()).containsExactly("b");
    }

    private static void isOfTheFirstMove(Unplanned unplanned) {
        assertThat(unplanned.move().vm()).isEqualTo("a");
        assertThat(unplanned.reason()).endsWith("answered 404: VM 'a' cannot be profiled.");
    }

    private MigrationPlan plan() throws InterruptedException {
        HostDriverCloud cloud = new HostDriverCloud(List.of(h1.client(), h2.client()));
        MoveDecision decision = new MoveDecision(
                new AnalyticPredictor(),
                SloPolicies.shipped().get("ensure_performance"),
                ReservationTerms.DEFAULT,
                Duration.ofMinutes(5));
        return new MovePlanner(cloud, decision, new MovePlanner.Listener() {}).plan(cloud.read(), MOVES);
    }
}
