package io.github.godwit.model.reserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.reserve.ParallelShares.Member;
import io.github.godwit.model.unit.Bandwidth;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** All rates in Mbit/s, on a link of 1000; every ideal is 905 unless another is given. */
class ParallelSharesTest {

    private static final Bandwidth LINK = Bandwidth.ofMegabits(1_000);

    /** Applications keep 100 + 200 + 100; the 600 that are left are divided 1 : 2 : 1. */
    @Test
    void equallyUrgentVmsShareInProportionToTheirLowerBound() {
        assertThat(split(medium(100, 300), medium(200, 400), medium(100, 300))).containsExactly(150.0, 300.0, 150.0);
    }

    /**
     * Applications keep nothing of the urgent VM and 100 of the other; 900 are left. Weights 100 · 1 and 100 · 0.75: 514.29 and 385.71.
     */
    @Test
    void theMoreUrgentVmGetsMore() {
        assertThat(split(member(Urgency.HIGH, 905, 100, 300), medium(100, 300)))
                .containsExactly(514.285714, 385.714285);
    }

    /** Low urgency leaves the upper bounds: 1000 − 300 − 300 = 400. */
    @Test
    void notUrgentVmsLeaveTheUpperBounds() {
        assertThat(split(member(Urgency.LOW, 905, 100, 300), member(Urgency.LOW, 905, 100, 300)))
                .containsExactly(200.0, 200.0);
    }

    /** The first would get 450 of 900, but wants 0.75 · 200 = 150; the second gets the rest, up to 0.75 · 905 = 678.75. */
    @Test
    void whatOneCannotUseGoesToTheOthers() {
        assertThat(split(member(Urgency.MEDIUM, 200, 50, 100), medium(50, 100))).containsExactly(150.0, 678.75);
        assertThat(split(member(Urgency.MEDIUM, 200, 50, 100), medium(50, 100), medium(50, 100)))
                .containsExactly(150.0, 350.0, 350.0); // 850 are left
    }

    /** It counts with a hundredth of the link: the 600 that are left are divided 10 : 200 : 200. */
    @Test
    void aVmWithoutSlaBoundIsNotLeftOut() {
        assertThat(split(medium(0, 0), medium(200, 200), medium(200, 200)))
                .containsExactly(14.634146, 292.682926, 292.682926);
    }

    @Test
    void alone_it_is_algorithm_2() {
        Member alone = medium(400, 600);
        assertThat(split(alone)).containsExactly(600.0);
        assertThat(new BandwidthReservation(Urgency.MEDIUM, alone.slaLower(), alone.slaUpper())
                        .reserve(alone.ideal(), LINK, Bandwidth.ZERO))
                .contains(Bandwidth.ofMegabits(600));
    }

    @Test
    void boundsThatTakeTheWholeLinkLeaveNothing() {
        assertThat(split(medium(600, 700), medium(600, 700))).containsExactly(0.0, 0.0);
        assertThat(ParallelShares.split(Bandwidth.ZERO, List.of(medium(0, 0)))).containsExactly(Bandwidth.ZERO);
        assertThat(ParallelShares.split(LINK, List.of())).isEmpty();
    }

    @Test
    void togetherTheyNeverTakeWhatIsKept() {
        Random random = new Random(3);
        List<Urgency> urgencies = List.of(Urgency.values());
        for (int i = 0; i < 1_000; i++) {
            List<Member> members = new ArrayList<>();
            double kept = 0;
            for (int count = 1 + random.nextInt(6); count > 0; count--) {
                double lower = 300 * random.nextDouble();
                double upper = lower + 100 * random.nextDouble();
                Urgency urgency = urgencies.get(random.nextInt(urgencies.size()));
                members.add(member(urgency, 1_000 * random.nextDouble(), lower, upper));
                kept += urgency == Urgency.HIGH ? 0 : urgency == Urgency.MEDIUM ? lower : upper;
            }
            List<Bandwidth> shares = ParallelShares.split(LINK, members);
            assertThat(shares.stream().mapToDouble(Bandwidth::megabits).sum())
                    .isLessThanOrEqualTo(Math.max(0, 1_000 - kept) + 1e-3);
            for (int k = 0; k < members.size(); k++) {
                assertThat(shares.get(k).megabits())
                        .isLessThanOrEqualTo(members.get(k).ideal().megabits());
            }
        }
    }

    private static List<Double> split(Member... members) {
        return ParallelShares.split(LINK, List.of(members)).stream()
                .map(Bandwidth::megabits)
                .toList();
    }

    private static Member medium(double lower, double upper) {
        return member(Urgency.MEDIUM, 905, lower, upper);
    }

    private static Member member(Urgency urgency, double ideal, double lower, double upper) {
        return new Member(
                urgency, Bandwidth.ofMegabits(ideal), Bandwidth.ofMegabits(lower), Bandwidth.ofMegabits(upper));
    }
}
