package io.github.godwit.model.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.Vms;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.ProfilePart;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.ReservationRule;
import io.github.godwit.model.select.MigrationDecider;
import io.github.godwit.model.select.MigrationDecider.Candidates;
import io.github.godwit.model.select.MigrationDecider.Situation;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import io.github.godwit.model.watch.SecondChoice.SecondAttempt;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ObservedRechoiceTest {

    /** 1 GiB, of which 512 MiB are written at random at 20 MiB/s. */
    private static final VmProfile VM = Vms.writing(1024, 512, 512, 20, false);

    private static final double BYTES_PER_MILLI = 100_000;

    /** The guest writes faster than the link sends. */
    private static final double GROWTH = 1.6;

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static final Predictor SURE_OF_AUTO_CONVERGE = (migrationCase, technique) -> {
        Prediction prediction = new AnalyticPredictor().predict(migrationCase, technique);
        return technique == Technique.AUTO_CONVERGE
                ? new Prediction(prediction.estimates(), true, 1.0, Basis.LEARNED, null)
                : prediction.withBasis(Basis.UNSURE);
    };

    private static PrecopyRound round(long expectedMillis, int throttlePercent, long elapsedMillis) {
        return new PrecopyRound(
                5, expectedMillis, throttlePercent, elapsedMillis, (long) (BYTES_PER_MILLI * elapsedMillis), (long)
                        (BYTES_PER_MILLI * expectedMillis));
    }

    private static Optional<SecondAttempt> second(VmProfile vm, PrecopyRound round, Technique... permitted) {
        return second(vm, new AnalyticPredictor(), round, permitted);
    }

    private static Optional<SecondAttempt> second(
            VmProfile vm, Predictor predictor, PrecopyRound round, Technique... permitted) {
        Set<Technique> forbidden = EnumSet.allOf(Technique.class);
        forbidden.removeAll(Arrays.asList(permitted));
        Candidates candidates = MigrationDecider.candidates(
                new Situation(vm, host("a"), host("b"), 0.2), ReservationRule.NOTHING, LIMIT, null);
        return new ObservedRechoice(
                        candidates,
                        TechniqueAvailability.all().without(forbidden, "is forbidden"),
                        SloPolicies.shipped().get("ensure_performance"),
                        predictor,
                        Technique.PRE_COPY)
                .after(round, GROWTH);
    }

    private static HostProfile host(String name) {
        return new HostProfile(name, 8, 0.2, MemorySize.parse("64G"), 0.2, Bandwidth.ofMegabits(1000), Traffic.NONE);
    }

    @Test
    void theGuestThenWritesAsMuchInARoundAsTheRoundsShow() {
        PrecopyRound observed = round(2_000, 0, 10_000);
        double times = ObservedRechoice.timesAsFast(VM, observed, 1);
        assertThat(VM.dirtyCurve().faster(times).pagesAfter(2)).isCloseTo(2_000 * BYTES_PER_MILLI / 4096, within(1.0));

        assertThat(ObservedRechoice.timesAsFast(VM, round(2_000, 20, 10_000), 1))
                .as("a throttled guest ran for four fifths of the round")
                .isCloseTo(times / 0.8, within(0.01));
        assertThat(ObservedRechoice.timesAsFast(VM, observed, 0.5))
                .as("that round took twice as long")
                .isCloseTo(times / 2, within(0.01));
        assertThat(ObservedRechoice.timesAsFast(VM, observed, 0.1))
                .as("a slower guest is not believed")
                .isEqualTo(1);
        assertThat(ObservedRechoice.timesAsFast(VM, round(50_000, 0, 60_000), 1))
                .as("more than it ever wrote")
                .isEqualTo(10);
    }

    @Test
    void whatIsPermittedAndComesToItsEndIsChosen() {
        PrecopyRound observed = round(3_000, 0, 15_000);
        SecondAttempt attempt =
                second(VM, observed, Technique.PRE_COPY, Technique.POST_COPY).orElseThrow();
        assertThat(attempt.choice().technique()).isEqualTo(Technique.POST_COPY);
        assertThat(attempt.prepared().migrationCase().tuning().timeLimit())
                .as("of the time limit so much is left")
                .isEqualTo(LIMIT.minusMillis(15_000));
        assertThat(attempt.prepared().migrationCase().vm().dirtyCurve().pagesAfter(1))
                .isGreaterThan(VM.dirtyCurve().pagesAfter(1));
    }

    /** The second attempt is the last one, so it must not depend on a prediction that may be wrong again. */
    @Test
    void aPreCopyThatIsBegunAgainCanBeSwitchedToPostCopyWherePermitted() {
        PrecopyRound observed = round(3_000, 0, 15_000);
        assertThat(second(VM, SURE_OF_AUTO_CONVERGE, observed, Technique.AUTO_CONVERGE, Technique.PRE_POST_COPY))
                .get()
                .satisfies(attempt -> {
                    assertThat(attempt.choice().technique()).isEqualTo(Technique.AUTO_CONVERGE);
                    assertThat(fallsBack(attempt)).isTrue();
                });
        assertThat(second(VM, SURE_OF_AUTO_CONVERGE, observed, Technique.AUTO_CONVERGE))
                .as("post-copy is forbidden")
                .get()
                .satisfies(attempt -> assertThat(fallsBack(attempt)).isFalse());
        assertThat(second(VM, observed, Technique.PRE_COPY, Technique.POST_COPY))
                .as("it is post-copy already")
                .get()
                .satisfies(attempt -> assertThat(fallsBack(attempt)).isFalse());
    }

    private static boolean fallsBack(SecondAttempt attempt) {
        return attempt.prepared().migrationCase().tuning().postcopyFallback();
    }

    @Test
    void withoutATechniqueThatComesToItsEndThereIsNoChoice() {
        PrecopyRound observed = round(3_000, 0, 15_000);
        assertThat(second(VM, observed, Technique.PRE_COPY)).isEmpty();
        assertThat(second(VM, observed, Technique.PRE_COPY, Technique.MULTIFD)).isEmpty();
        assertThat(second(VM, round(3_000, 0, 60_000), Technique.POST_COPY))
                .as("no time is left")
                .isEmpty();
    }

    @Test
    void whatIsNotKnownWellIsNoReasonToGiveUpWhatHasBeenSent() {
        PrecopyRound observed = round(3_000, 0, 15_000);
        VmProfile unknown = Vms.known(VM, Map.of(ProfilePart.CONTENT, 0L));
        assertThat(second(unknown, observed, Technique.POST_COPY)).isEmpty();
        assertThat(second(VM, basedOn(Basis.UNSURE), observed, Technique.POST_COPY))
                .isEmpty();
        assertThat(second(VM, basedOn(Basis.UNFAMILIAR), observed, Technique.POST_COPY))
                .as("post-copy ends whatever the guest writes")
                .isPresent();
    }

    private static Predictor basedOn(Basis basis) {
        return (migrationCase, technique) ->
                new AnalyticPredictor().predict(migrationCase, technique).withBasis(basis);
    }
}
