package io.github.godwit.host.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import org.junit.jupiter.api.Test;

class WorldChangeTest {

    private static HostProfile host(String name, double cpu, double memory, String traffic) {
        return new HostProfile(
                name,
                4,
                cpu,
                MemorySize.parse("8G"),
                memory,
                Bandwidth.parse("1gbit"),
                new Traffic(Bandwidth.parse(traffic), Bandwidth.parse(traffic)));
    }

    @Test
    void loadsThatMoveAsTheyDoFromOneSampleToTheNextAreNoChange() {
        assertThat(WorldChange.between(
                        host("h1", 0.9, 0.5, "100mbit"),
                        host("h2", 0.1, 0.2, "100mbit"),
                        host("h1", 0.65, 0.9, "300mbit"),
                        host("h2", 0.35, 0.3, "300mbit")))
                .isEmpty();
    }

    @Test
    void aHostThatBecameBusyIsReportedWithBothFigures() {
        assertThat(WorldChange.between(
                        host("h1", 0.3, 0.5, "100mbit"),
                        host("h2", 0.1, 0.2, "100mbit"),
                        host("h1", 0.8, 0.5, "100mbit"),
                        host("h2", 0.5, 0.4, "100mbit")))
                .containsExactly(
                        "Since the plan, the CPU load of h1 has changed from 30 % to 80 %.",
                        "Since the plan, the CPU load of h2 has changed from 10 % to 50 %.",
                        "Since the plan, the memory load of h2 has changed from 20 % to 40 %.");
    }

    /** 1000 − 100 = 900 Mbit/s were free, 1000 − 600 = 400 are: 500 is over a quarter of 1000. */
    @Test
    void aLinkThatFilledUpIsReported() {
        assertThat(WorldChange.between(
                        host("h1", 0.3, 0.5, "100mbit"),
                        host("h2", 0.1, 0.2, "100mbit"),
                        host("h1", 0.3, 0.5, "600mbit"),
                        host("h2", 0.1, 0.2, "100mbit")))
                .containsExactly(
                        "Since the plan, the free bandwidth between h1 and h2 has changed from 900 to 400 Mbit/s.");
    }
}
