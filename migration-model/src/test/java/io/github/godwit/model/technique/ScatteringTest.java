package io.github.godwit.model.technique;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Version;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** On how many intermediaries pages would wait. */
class ScatteringTest {

    private static final IntermediaryOffer FAST = new IntermediaryOffer("10.0.0.8:6379", Bandwidth.parse("10gbit"));
    private static final IntermediaryOffer SLOW = new IntermediaryOffer("10.0.0.9:6379", Bandwidth.parse("1gbit"));
    private static final IntermediaryOffer UNKNOWN = new IntermediaryOffer("10.0.0.7:6379", null);

    private static HostCapabilities host(IntermediaryOffer... offers) {
        return new HostCapabilities("h", Version.of(10, 0), null, Map.of()).scatteringTo(List.of(offers));
    }

    @Test
    void thoseCountThatBothHostsKnow() {
        assertThat(Scattering.between(host(FAST, SLOW), host(SLOW)))
                .contains(new Scattering(1, 1, Bandwidth.parse("1gbit")));
        assertThat(Scattering.between(host(FAST), host(SLOW))).isEmpty();
        assertThat(Scattering.between(host(FAST), host())).isEmpty();
    }

    /** Batches go to one after the other. */
    @Test
    void theSlowestOneSetsThePace() {
        assertThat(Scattering.between(host(FAST, SLOW), host(FAST, SLOW)))
                .contains(new Scattering(2, 2, Bandwidth.parse("2gbit")));
    }

    @Test
    void ofARateThatNobodyStatedNothingIsKnown() {
        assertThat(Scattering.between(host(FAST, UNKNOWN), host(UNKNOWN, FAST))).contains(new Scattering(2, 2, null));
    }

    @Test
    void moreCopiesThanIntermediariesAreNotPossible() {
        assertThatThrownBy(() -> new Scattering(1, 2, null)).isInstanceOf(IllegalArgumentException.class);
    }
}
