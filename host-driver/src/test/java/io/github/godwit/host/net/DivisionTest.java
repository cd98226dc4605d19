package io.github.godwit.host.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.model.unit.Bandwidth;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Migrations that share a link of 1 Gbit/s. */
class DivisionTest {

    private final HtbTree tree = new HtbTree("eth0", "root", mbit(1000), HtbTree.UNLIMITED);

    @Test
    void otherTrafficKeepsWhatItIsGuaranteed() {
        assertThat(Division.left(tree, yielding(900, 250), List.of())).isEqualTo(mbit(750));
        // 5 % are never reserved, even where nothing is guaranteed.
        assertThat(Division.left(tree, yielding(1000, 0), List.of())).isEqualTo(mbit(950));
    }

    @Test
    void thoseThatYieldDivideTheRestEvenly() {
        // (1000 − 250 − 150) / 2 = 300; the strictest guarantee counts for both.
        List<Share> others = List.of(yielding(300, 250), Share.fixed(mbit(150)));
        assertThat(Division.even(tree, yielding(700, 100), others)).isEqualTo(mbit(300));
        assertThat(Division.left(tree, yielding(700, 100), others)).isEqualTo(mbit(300));
    }

    @Test
    void oneThatDoesNotYieldGetsWhatIsLeft() {
        assertThat(Division.left(tree, Share.fixed(mbit(900)), List.of(yielding(700, 250))))
                .isEqualTo(mbit(250));
    }

    @Test
    void aLimitIsNeverBelowTheFloor() {
        assertThat(new Share(mbit(500), mbit(400), mbit(250), true).limit()).isEqualTo(mbit(500));
    }

    private static Share yielding(double floor, double kept) {
        return new Share(mbit(floor), Share.NO_LIMIT, mbit(kept), true);
    }

    private static Bandwidth mbit(double megabits) {
        return Bandwidth.ofMegabits(megabits);
    }
}
