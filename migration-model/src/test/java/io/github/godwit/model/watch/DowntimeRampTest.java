package io.github.godwit.model.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.select.Slo;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.technique.MigrationLimits;
import io.github.godwit.model.technique.Technique;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DowntimeRampTest {

    private static final int FIRST = 3;
    private static final Duration LIMIT = Duration.ofMillis(300);
    private static final DowntimeRamp RAMP = new DowntimeRamp(Duration.ofMillis(800));

    /** The limits that are set after rounds with these expected downtimes. */
    private static List<Long> limits(DowntimeRamp ramp, long... expected) {
        List<Long> limits = new ArrayList<>();
        DowntimeRamp.State state = DowntimeRamp.initial(LIMIT);
        for (int i = 0; i < expected.length; i++) {
            DowntimeRamp.Decision decision = ramp.next(new PrecopyRound(FIRST + i, expected[i], 0, 0, 0, 0), state);
            decision.limit().ifPresent(limit -> limits.add(limit.toMillis()));
            state = decision.state();
        }
        return limits;
    }

    private static SloPolicy policy(Slo... slos) {
        return new SloPolicy("p", "test", List.of(slos), Map.of(Metric.TOTAL_TIME, 1.0));
    }

    @Test
    void aMigrationWhoseRoundsBecomeShorterIsLeftAlone() {
        assertThat(limits(RAMP, 4_000, 3_000, 2_000, 1_300, 900, 600, 400, 290)).isEmpty();
    }

    @Test
    void afterTwoRoundsWithoutProgressTheLimitIsRaisedToWhatIsNeeded() {
        assertThat(limits(RAMP, 2_000, 520, 510)).isEmpty();
        assertThat(limits(RAMP, 2_000, 520, 510, 500)).containsExactly(550L);
    }

    @Test
    void aGuestThatWritesStillMoreGetsMoreAfterTwoFurtherRounds() {
        assertThat(limits(RAMP, 500, 500, 500, 600)).containsExactly(550L);
        assertThat(limits(RAMP, 500, 500, 500, 600, 600)).containsExactly(550L, 660L);
    }

    @Test
    void nothingIsRaisedAboveTheCeilingBecauseThatWouldCostDowntimeAndEndNothing() {
        assertThat(limits(RAMP, 5_000, 5_000, 5_000, 5_000, 730, 730, 730)).isEmpty();
        assertThat(limits(RAMP, 5_000, 727, 727, 727)).containsExactly(800L);
    }

    @Test
    void aLimitIsNeverLowered() {
        assertThat(limits(RAMP, 200, 200, 200, 200)).isEmpty();
        assertThat(limits(DowntimeRamp.NONE, 500, 500, 500, 500)).isEmpty();
    }

    @Test
    void unknownFiguresAndRoundsThatAreKnownAlreadyCountForNothing() {
        assertThat(limits(RAMP, 0, -1, 500, 0, 500, 0)).isEmpty();
        DowntimeRamp.State state = RAMP.next(new PrecopyRound(3, 500, 0, 0, 0, 0), DowntimeRamp.initial(LIMIT))
                .state();
        for (int poll = 0; poll < 5; poll++) {
            assertThat(RAMP.next(new PrecopyRound(3, 500, 0, 0, 0, 0), state))
                    .isEqualTo(new DowntimeRamp.Decision(state, Optional.empty()));
        }
    }

    @Test
    void whatQemuReportsBeforeTheEndOfTheSecondRoundIsItsLimit() {
        DowntimeRamp.State state = DowntimeRamp.initial(LIMIT);
        assertThat(RAMP.next(new PrecopyRound(1, 300, 0, 0, 0, 0), state).state())
                .isEqualTo(state);
        assertThat(RAMP.next(new PrecopyRound(2, 300, 0, 0, 0, 0), state).state())
                .isEqualTo(state);
    }

    @Test
    void whileTheThrottleRisesTheLimitWaits() {
        DowntimeRamp.State state = DowntimeRamp.initial(LIMIT);
        for (int round = FIRST; round < 9; round++) {
            DowntimeRamp.Decision decision = RAMP.next(new PrecopyRound(round, 500, 10 * round, 0, 0, 0), state);
            assertThat(decision.limit()).isEmpty();
            state = decision.state();
        }
        state = RAMP.next(new PrecopyRound(9, 500, 80, 0, 0, 0), state).state();
        assertThat(RAMP.next(new PrecopyRound(10, 500, 80, 0, 0, 0), state).limit())
                .contains(Duration.ofMillis(550));
    }

    @Test
    void theSloBoundsTheLimitAndTheOperatorsLimitBoundsBoth() {
        Optional<SloPolicy> slo = Optional.of(policy(new Slo(Metric.DOWNTIME, 1_000, 1)));
        MigrationLimits operator = new MigrationLimits(Duration.ofMillis(500), null, 0, false);

        assertThat(DowntimeRamp.of(Technique.PRE_COPY, slo, MigrationLimits.NONE)
                        .ceiling())
                .isEqualTo(Duration.ofMillis(800));
        assertThat(DowntimeRamp.of(Technique.PRE_COPY, slo, operator).ceiling()).isEqualTo(Duration.ofMillis(500));
        assertThat(DowntimeRamp.of(Technique.PRE_COPY, Optional.of(policy()), operator))
                .isEqualTo(DowntimeRamp.NONE);
        assertThat(DowntimeRamp.of(Technique.PRE_COPY, Optional.empty(), MigrationLimits.NONE))
                .isEqualTo(DowntimeRamp.NONE);
    }

    @ParameterizedTest
    @EnumSource(names = {"POST_COPY", "PRE_POST_COPY"})
    void thatOfPostCopyStaysShort(Technique technique) {
        assertThat(DowntimeRamp.of(
                        technique, Optional.of(policy(new Slo(Metric.DOWNTIME, 1_000, 1))), MigrationLimits.NONE))
                .isEqualTo(DowntimeRamp.NONE);
    }
}
