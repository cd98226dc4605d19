package io.github.godwit.model.reserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import org.junit.jupiter.api.Test;

/** All rates in Mbit/s. */
class KeptBandwidthTest {

    @Test
    void onEqualLinksTheLargerSumDecides() {
        assertThat(KeptBandwidth.between(host("h1", 1_000), kept(200, 500), host("h2", 1_000), kept(300, 400)))
                .isEqualTo(kept(300, 500));
    }

    /** 10,000 − 9,500 = 500 are left on the source, 1,000 − 100 = 900 on the destination: of 1,000, 500 must be kept. */
    @Test
    void aFasterLinkMayKeepMoreThanTheSlowerOneHas() {
        assertThat(KeptBandwidth.between(host("h1", 10_000), kept(9_500, 9_500), host("h2", 1_000), kept(100, 200)))
                .isEqualTo(kept(500, 500));
    }

    @Test
    void onAFastLinkThatHasEnoughNothingIsKept() {
        assertThat(KeptBandwidth.between(host("h1", 10_000), kept(2_000, 3_000), host("h2", 1_000), KeptBandwidth.NONE))
                .isEqualTo(KeptBandwidth.NONE);
    }

    @Test
    void moreThanTheLinkIsTheWholeLink() {
        assertThat(KeptBandwidth.between(host("h1", 1_000), kept(1_200, 1_500), host("h2", 1_000), kept(0, 0)))
                .isEqualTo(kept(1_000, 1_000));
    }

    @Test
    void boundsTheWrongWayRoundAreRefused() {
        assertThat(kept(1, 2).plus(kept(10, 20))).isEqualTo(kept(11, 22));
        assertThatThrownBy(() -> kept(2, 1))
                .hasMessage("The slaLower (2mbit) must not be more than the slaUpper (1mbit).");
    }

    private static KeptBandwidth kept(double lower, double upper) {
        return new KeptBandwidth(Bandwidth.ofMegabits(lower), Bandwidth.ofMegabits(upper));
    }

    private static HostProfile host(String name, double link) {
        return new HostProfile(name, 4, 0.1, MemorySize.parse("8G"), 0.1, Bandwidth.ofMegabits(link), Traffic.NONE);
    }
}
