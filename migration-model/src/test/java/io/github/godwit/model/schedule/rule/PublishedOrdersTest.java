package io.github.godwit.model.schedule.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.schedule.PublishedVms;
import io.github.godwit.model.schedule.rule.TrafficOrder.Load;
import io.github.godwit.model.unit.Bandwidth;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The orders of [SOLive 2020], figures 2 to 4, from the numbers of its Table I. */
class PublishedOrdersTest {

    private static final Bandwidth GIGABIT = Bandwidth.ofMegabits(1000);

    @ParameterizedTest
    @EnumSource(TrafficOrder.class)
    void fourVmsLeaveInTheBestPublishedOrder(TrafficOrder rule) {
        assertThat(names(rule.order(PublishedVms.loads("NI", "C", "M", "NO")))).isEqualTo("NO/M/C/NI");
    }

    @ParameterizedTest
    @EnumSource(TrafficOrder.class)
    void eightVmsLeaveInOrder19(TrafficOrder rule) {
        assertThat(names(rule.order(PublishedVms.loads("C", "NI1", "M1", "NO1", "NI", "C1", "NO", "M"))))
                .isIn("NO/NO1/M/M1/C/C1/NI/NI1", "NO/NO1/M1/M/C/C1/NI/NI1");
    }

    /** 268694 pages of 4 KiB at 1 Gbit/s, which are 30517.6 a second: 8.805 s. */
    @Test
    void postCopyTakesThePagesOverTheBandwidth() {
        assertThat(TransferTime.postCopy(268_694, GIGABIT, 0.015)).isCloseTo(8.820, within(0.001));
    }

    /** 30517.6 pages a second: rounds of 1, 0.5 and 0.25 s. */
    @Test
    void preCopySumsItsRounds() {
        double perSecond = 125_000_000 / 4096.0;
        assertThat(TransferTime.preCopy(perSecond, perSecond / 2, GIGABIT, 3)).isCloseTo(1.75, within(1e-9));
    }

    /** The memory-intensive VM writes 0.69 of the link: 518280 / 30517.6 / (1 − 0.69015) = 54.8 s if it had rounds without end. */
    @Test
    void theMemoryIntensiveVmTakesLongestByPreCopy() {
        assertThat(TransferTime.preCopy(518_280, 21_062, GIGABIT, 200)).isCloseTo(54.81, within(0.05));
    }

    private static String names(List<Load> order) {
        return String.join("/", order.stream().map(Load::vm).toList());
    }
}
