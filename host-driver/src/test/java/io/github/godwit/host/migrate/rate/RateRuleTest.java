package io.github.godwit.host.migrate.rate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.migrate.rate.RateRule.Measured;
import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.reserve.ReservationCase;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A link of 1 Gbit/s. Other traffic must keep 250 Mbit/s and should keep 500; 50 Mbit/s are the threshold, 10 are noticeable.
 */
class RateRuleTest {

    private static final ReservationTerms TERMS = new ReservationTerms(Urgency.MEDIUM, 0.25, 0.5, 0.9);

    private final RateRule rule = rule(Urgency.MEDIUM);

    @ParameterizedTest
    @CsvSource({
        // High: 95 %, and other traffic keeps what is never reserved. Medium: 75 %, at most 1000 − 250. Low: 55 %, at
        // most 1000 − 500.
        "HIGH, 100, 950, 0",
        "HIGH, 980, 980, 0",
        "MEDIUM, 100, 750, 250",
        "MEDIUM, 900, 750, 250",
        "LOW, 100, 500, 500",
    })
    void theFirstFloorIsTheLargerOfUrgencyAndWhatIsFreeWithinTheTerms(
            Urgency urgency, double available, double floor, double kept) {
        Share first = rule(urgency).first(null, mbit(available));
        assertThat(first.floor()).isEqualTo(mbit(floor));
        assertThat(first.kept()).isEqualTo(mbit(kept));
        assertThat(first.yields()).isTrue();
    }

    @Test
    void aRequestMayAskForMoreThanTheUrgencyButNotForWhatOthersKeep() {
        RateRule low = new RateRule(TERMS.withUrgency(Urgency.LOW), mbit(1000), mbit(1000));
        assertThat(low.first(mbit(480), mbit(0)).floor()).isEqualTo(mbit(500));
        assertThat(rule.first(mbit(900), mbit(0)).floor()).isEqualTo(mbit(750));
    }

    @Test
    void whatAPlanCountsOnOutweighsTheHostsOwnTerms() {
        RateRule planned = new RateRule(TERMS, mbit(1000), MigrationTuning.UNLIMITED, mbit(900));
        assertThat(planned.first(mbit(900), mbit(0)).floor()).isEqualTo(mbit(900));
        assertThat(planned.kept()).isEqualTo(mbit(100));
        assertThat(planned.next(new Share(mbit(300), Share.NO_LIMIT, mbit(100), true), measured(300, 0))
                        .floor())
                .isEqualTo(mbit(900));
    }

    @Test
    void theLimitIsWhatOthersLeaveAndAtLeastTheFloor() {
        // 1000 − 100 free − 500 used = 400 of others.
        assertThat(next(500, 500, 100).limit()).isEqualTo(mbit(600));
        // 700 of others would leave 300.
        Share before = new Share(mbit(750), Share.NO_LIMIT, mbit(250), true);
        assertThat(rule.next(before, new Measured(mbit(300), mbit(0), true, false))
                        .limit())
                .isEqualTo(mbit(750));
    }

    @Test
    void aMigrationOnAnIdleLinkIsNotLimited() {
        // 1000 − 100 − 850 = 50 of others: no more than the threshold.
        assertThat(next(750, 850, 100).limit()).isEqualTo(Share.NO_LIMIT);
        assertThat(next(750, 849, 100).limit()).isEqualTo(mbit(949));
    }

    @Test
    void anOperatorsLimitHoldsAlways() {
        RateRule limited = new RateRule(TERMS, mbit(1000), mbit(400));
        Share first = limited.first(mbit(900), mbit(1000));
        assertThat(first.floor()).isEqualTo(mbit(400));
        assertThat(first.limit()).isEqualTo(mbit(400));
        assertThat(limited.next(first, measured(200, 300)).limit()).isEqualTo(mbit(400));
    }

    @Test
    void theFloorFollowsTheAlgorithm() {
        assertThat(next(300, 300, 200).floor()).as("200 are free").isEqualTo(mbit(500));
        assertThat(next(300, 300, 0).floor()).as("used up: urgency").isEqualTo(mbit(750));
        assertThat(next(700, 400, 0).floor()).as("300 are unused").isEqualTo(mbit(400));
        assertThat(next(600, 600, 300).floor()).as("others keep 250").isEqualTo(mbit(750));
    }

    @Test
    void nothingIsConcludedBeforeRatesAreKnown() {
        Share before = new Share(mbit(300), mbit(700), mbit(250), true);
        assertThat(rule.next(before, new Measured(mbit(0), mbit(300), false, false))
                        .floor())
                .isEqualTo(mbit(300));
        assertThat(rule.next(before, new Measured(mbit(100), mbit(0), true, false))
                        .floor())
                .as("it rose a moment ago, so that it cannot be used yet")
                .isEqualTo(mbit(300));
    }

    @Test
    void whatIsHardlyNoticeableChangesNothing() {
        Share before = new Share(mbit(750), mbit(750), mbit(250), true);
        // Others have 245: the limit would be 755, less than 1 % of the link above the former one.
        assertThat(rule.next(before, measured(750, 5))).isSameAs(before);
    }

    @Test
    void nothingIsReservedUntilTheMigrationGetsLessThanItWants() {
        // It wants 0.75 · 900 = 675; it has 400 and 275 more are free.
        assertThat(rule.late(measured(400, 275))).isEmpty();
        assertThat(rule.late(measured(400, 270)).orElseThrow().floor()).isEqualTo(mbit(750));
    }

    @ParameterizedTest
    @EnumSource(Urgency.class)
    void applicationsKeepTheirPartWhateverTheyDo(Urgency urgency) {
        RateRule any = rule(urgency);
        Share share = any.first(null, mbit(1000));
        for (int second = 0; second < 200; second++) {
            double others = 500 + 450 * Math.sin(second / 7.0);
            double used = Math.min(
                    1000 - Math.min(others, 1000 - share.floor().megabits()),
                    share.limit().megabits());
            share = any.next(share, measured(used, Math.max(0, 1000 - used - others)));
            assertThat(share.floor().megabits())
                    .as("second %d", second)
                    .isBetween(1.0, 1000 - any.kept().megabits());
            assertThat(share.limit()).isGreaterThanOrEqualTo(share.floor());
        }
    }

    @Test
    void aWishWithoutTermsStaysAsItIs() {
        LinkProfile busy = new LinkProfile(mbit(1000), mbit(100), Bandwidth.ZERO, 0);
        assertThat(first(mbit(900), null, busy)).hasValue(mbit(900));
        assertThat(first(null, null, busy)).isEmpty();
    }

    @Test
    void aWishWithTermsReservesWhereTooLittleIsFree() {
        LinkProfile busy = new LinkProfile(mbit(1000), mbit(100), Bandwidth.ZERO, 0);
        LinkProfile idle = new LinkProfile(mbit(1000), mbit(900), Bandwidth.ZERO, 0);
        assertThat(first(null, TERMS, busy)).hasValue(mbit(750));
        assertThat(first(null, TERMS, idle)).isEmpty();
        assertThat(first(mbit(300), TERMS, idle)).hasValue(mbit(750));
    }

    private static Optional<Bandwidth> first(Bandwidth requested, ReservationTerms terms, LinkProfile link) {
        HostProfile host = new HostProfile("h", 4, 0, MemorySize.parse("8G"), 0, link.capacity(), Traffic.NONE);
        return new ReservationWish(requested, terms, Bandwidth.ZERO)
                .reserve(new ReservationCase(Technique.PRE_COPY, Traffic.NONE, host, host, link));
    }

    private Share next(double floor, double used, double available) {
        return rule.next(new Share(mbit(floor), Share.NO_LIMIT, mbit(250), true), measured(used, available));
    }

    private static Measured measured(double used, double available) {
        return new Measured(mbit(used), mbit(available), true, true);
    }

    private static RateRule rule(Urgency urgency) {
        return new RateRule(TERMS.withUrgency(urgency), mbit(1000), MigrationTuning.UNLIMITED);
    }

    private static Bandwidth mbit(double megabits) {
        return Bandwidth.ofMegabits(megabits);
    }
}
