package io.github.godwit.model.bandwidth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.bandwidth.BandwidthModel.Reading;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The published curves ([Thesis 2025], section 3.3); rates in Mbit/s, on a link of 1000 unless another is given. */
class BandwidthModelTest {

    private static final BandwidthModel MODEL = BandwidthModel.published();

    @ParameterizedTest
    @CsvSource({
        "PRE, INBOUND, 500, 903.57", // 0.0002 · 500 + 903.47
        "PRE, OUTBOUND, 0, 905",
        "PRE, OUTBOUND, 20, 899.6", // 905 − 0.27 · 20
        "PRE, OUTBOUND, 35, 895.7", // a breakpoint belongs to the piece that begins there: 930 − 0.98 · 35
        "PRE, OUTBOUND, 200, 734", // 930 − 196
        "PRE, OUTBOUND, 471.9, 467.538", // 930 − 462.462
        "PRE, OUTBOUND, 472, 467.048", // 467.52 − 0.472
        "PRE, OUTBOUND, 1000, 466.52",
        "PRE, MIXED, 300, 633.8", // 906.8 − 273
        "PRE, MIXED, 600, 467.3", // 467.9 − 0.6
        "POST, INBOUND, 250, 606", // 861 − 255
        "POST, INBOUND, 600, 327", // 399 − 72
        "POST, OUTBOUND, 500, 848.6",
        "POST, MIXED, 400, 465.9", // 857.9 − 392
        "POST, MIXED, 600, 332.4", // 386.4 − 54
        "HYBRID, INBOUND, 500, 897.62",
        "HYBRID, OUTBOUND, 300, 627.66", // 897.66 − 270
        "HYBRID, OUTBOUND, 600, 472.38", // 478.38 − 6
        "HYBRID, MIXED, 200, 718.4", // 898.4 − 180
        "HYBRID, MIXED, 600, 464.66", // 462.86 + 1.8
    })
    void theCurvesAreThosePublished(TechniqueFamily family, TrafficClass traffic, double rate, double expected) {
        assertThat(1000 * MODEL.curve(family, traffic).at(rate / 1000)).isCloseTo(expected, within(1e-9));
    }

    @Test
    void aCurveScalesWithTheLink() {
        // 2 of 10 Gbit/s is the same share as 200 of 1000 Mbit/s: 0.734 of the link.
        assertThat(ideal(Technique.PRE_COPY, traffic(0, 2_000), 10_000)).isEqualTo(7_340);
        assertThat(ideal(Technique.PRE_COPY, traffic(0, 40), 200)).isEqualTo(146.8);
    }

    @ParameterizedTest
    @CsvSource({
        "PRE, 0, 0, 905", // idle: what would compete with pre-copy is what the VM sends
        "POST, 0, 0, 861",
        "PRE-POST, 0, 0, 897.66",
        "PRE, 0, 600, 466.92", // 467.52 − 0.6
        "PRE, 600, 0, 903.59", // 903.47 + 0.12
        "POST, 0, 600, 848.7", // 848.1 + 0.6
        "POST, 600, 0, 327",
        "PRE, 400, 400, 542.8", // mixed, at what it sends: 906.8 − 364
        "POST, 300, 330, 563.9", // mixed, at what it receives: 857.9 − 294
    })
    void theIdealFollowsFromTheTrafficOfTheVmAndTheTechnique(String technique, double in, double out, double expected) {
        assertThat(ideal(Technique.parse(technique), traffic(in, out), 1_000)).isCloseTo(expected, within(1e-6));
    }

    @ParameterizedTest
    @EnumSource(Technique.class)
    void everyTechniqueBelongsToTheFamilyOfItsSwitchover(Technique technique) {
        TechniqueFamily family = TechniqueFamily.of(technique);
        assertThat(family.technique().switchover()).isEqualTo(technique.switchover());
        assertThat(TechniqueFamily.of(family.technique())).isEqualTo(family);
    }

    @Test
    void besideTrafficAMigrationGetsMoreThanWhatIsFreeAndLessThanAll() {
        Reading reading = MODEL.obtained(
                Technique.AUTO_CONVERGE, host("h1", 0, 800, 1_000), host("h2", 0, 0, 1_000), Traffic.NONE);
        assertThat(reading.value()).isEqualTo(Bandwidth.ofMegabits(466.72)); // 467.52 − 0.8; 200 are free
        assertThat(reading.describe())
                .isEqualTo("467 of 1000 Mbit/s beside 800 Mbit/s of outbound traffic of h1, by the curve of "
                        + "[Thesis 2025], section 3.3, 2025-04, on a link of 1000 Mbit/s");
    }

    @Test
    void whatTheDestinationReceivesCompetesAsWellAsWhatTheSourceSends() {
        Reading reading =
                MODEL.obtained(Technique.PRE_COPY, host("h1", 0, 200, 1_000), host("h2", 400, 0, 1_000), Traffic.NONE);
        assertThat(reading.value()).isEqualTo(Bandwidth.ofMegabits(543)); // 0.905 · 600 are free, more than 930 − 392
        assertThat(reading.host()).isEqualTo("h2");
        assertThat(reading.direction()).isEqualTo(TrafficClass.INBOUND);
    }

    /** The VM receives 300 on the source; with post-copy it does so on the destination. */
    @Test
    void inPostCopyTheTrafficOfTheVmIsOnTheDestination() {
        Traffic vm = traffic(300, 0);
        HostProfile source = host("h1", 300, 0, 1_000);
        HostProfile destination = host("h2", 100, 0, 1_000);
        assertThat(MODEL.obtained(Technique.POST_COPY, source, destination, vm).rate())
                .isEqualTo(Bandwidth.ofMegabits(400));
        assertThat(MODEL.obtained(Technique.PRE_COPY, source, destination, vm).rate())
                .as("pre-copy meets only what the destination receives already")
                .isEqualTo(Bandwidth.ofMegabits(100));
    }

    @Test
    void whatTheVmSendsLeavesTheSourceWithIt() {
        Traffic vm = traffic(0, 700);
        assertThat(MODEL.obtained(Technique.POST_COPY, host("h1", 0, 700, 1_000), host("h2", 0, 0, 1_000), vm)
                        .value())
                .isEqualTo(Bandwidth.ofMegabits(848.8)); // outbound at 700: 848.1 + 0.7
    }

    @Test
    void theSlowerLinkDecides() {
        Reading reading =
                MODEL.obtained(Technique.PRE_COPY, host("h1", 0, 5_000, 10_000), host("h2", 0, 0, 1_000), Traffic.NONE);
        assertThat(reading.host()).isEqualTo("h2");
        assertThat(reading.value()).isEqualTo(Bandwidth.ofMegabits(905));
    }

    /** 478 = 0.905 · 528 is more than the 467 of the curve. */
    @Test
    void aMigrationGetsAtLeastWhatIsFree() {
        Reading reading =
                MODEL.obtained(Technique.PRE_COPY, host("h1", 0, 472, 1_000), host("h2", 0, 0, 1_000), Traffic.NONE);
        assertThat(reading.value().megabits()).isCloseTo(477.84, within(1e-6));
        assertThat(reading.describe()).isEqualTo("478 of 1000 Mbit/s, which are free on h1");
    }

    @Test
    void noTrafficHoweverLargeStarvesAMigrationOrGivesItMoreThanTheLink() {
        Random random = new Random(7);
        List<Technique> techniques = List.of(Technique.values());
        for (int i = 0; i < 2_000; i++) {
            HostProfile source = host("h1", 1_500 * random.nextDouble(), 1_500 * random.nextDouble(), 1_000);
            HostProfile destination = host("h2", 1_500 * random.nextDouble(), 1_500 * random.nextDouble(), 1_000);
            Technique technique = techniques.get(random.nextInt(techniques.size()));
            double value = MODEL.obtained(technique, source, destination, traffic(0, 100))
                    .value()
                    .megabits();
            assertThat(value).isBetween(270.0, 910.0);
        }
    }

    private static double ideal(Technique technique, Traffic vm, double link) {
        return MODEL.ideal(technique, vm, Bandwidth.ofMegabits(link)).value().megabits();
    }

    private static Traffic traffic(double in, double out) {
        return new Traffic(Bandwidth.ofMegabits(in), Bandwidth.ofMegabits(out));
    }

    private static HostProfile host(String name, double in, double out, double link) {
        return new HostProfile(name, 4, 0.1, MemorySize.parse("8G"), 0.1, Bandwidth.ofMegabits(link), traffic(in, out));
    }
}
