package io.github.godwit.model.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.unit.Bandwidth;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlaWishesTest {

    @Test
    void bothSidesAreReadApart() {
        SlaWishes wishes = SlaWishes.of(
                Map.of("godwit:sla_lower", "50mbit", "hw:cpu_policy", "dedicated"),
                Map.of("godwit:sla_upper", "60 %", "godwit:urgency", " High "));

        assertThat(wishes.flavor()).isEqualTo(new SlaWishes.Wish(SlaBound.parse("50mbit"), null, null));
        assertThat(wishes.server()).isEqualTo(new SlaWishes.Wish(null, SlaBound.parse("60%"), Urgency.HIGH));
        assertThat(wishes.warnings()).isEmpty();
    }

    @Test
    void aValueThatNobodyUnderstandsIsAWarningAndTheOthersHold() {
        SlaWishes wishes = SlaWishes.of(
                Map.of("godwit:urgency", "asap", "godwit:sla_upper", "80mbit"), Map.of("godwit:sla_lower", "much"));

        assertThat(wishes.flavor()).isEqualTo(new SlaWishes.Wish(null, SlaBound.parse("80mbit"), null));
        assertThat(wishes.server()).isEqualTo(SlaWishes.Wish.NONE);
        assertThat(wishes.warnings())
                .satisfiesExactly(
                        first -> assertThat(first)
                                .isEqualTo("godwit:urgency in the flavor's extra specs is ignored: There is no urgency"
                                        + " 'asap'. Choose one of high, medium, low."),
                        second -> assertThat(second)
                                .startsWith("godwit:sla_lower in the server's metadata is ignored: 'much' is not"));
    }

    @Test
    void boundsThatContradictEachOtherAreIgnored() {
        SlaWishes wishes = SlaWishes.of(Map.of("godwit:sla_lower", "90mbit", "godwit:sla_upper", "80mbit"), Map.of());

        assertThat(wishes.flavor()).isEqualTo(SlaWishes.Wish.NONE);
        assertThat(wishes.warnings()).singleElement().asString().contains("(90mbit) may be more than the upper one");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"50mbit;50mbit", "60%;60%", " 10Mbit , 62.5 % ;10mbit, 62.5%", "60%,10mbit;10mbit, 60%"})
    void aBoundIsARateAShareOrBoth(String text, String read) {
        assertThat(SlaBound.parse(text)).hasToString(read);
        assertThat(SlaBound.parse(read)).isEqualTo(SlaBound.parse(text));
    }

    @Test
    void theLargerOfRateAndShareHolds() {
        SlaBound bound = SlaBound.parse("10mbit, 60%");
        assertThat(bound.of(Bandwidth.ofMegabits(10))).isEqualTo(Bandwidth.ofMegabits(10));
        assertThat(bound.of(Bandwidth.ofMegabits(100))).isEqualTo(Bandwidth.ofMegabits(60));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "10mbit, 20mbit", "10%, 20%", "-5mbit", "201%", "10mbit 20%"})
    void otherTextIsNone(String text) {
        assertThatThrownBy(() -> SlaBound.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
