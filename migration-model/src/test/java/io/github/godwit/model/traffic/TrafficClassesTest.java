package io.github.godwit.model.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.unit.Bandwidth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrafficClassesTest {

    private static final TrafficClasses SHIPPED = TrafficClasses.shipped();
    private static final Optional<String> NO_PROJECT = Optional.empty();

    private static Traffic traffic(double in, double out) {
        return new Traffic(Bandwidth.ofMegabits(in), Bandwidth.ofMegabits(out));
    }

    private static SlaBounds mbit(double lower, double upper) {
        return new SlaBounds(Bandwidth.ofMegabits(lower), Bandwidth.ofMegabits(upper));
    }

    private static SlaWishes wishes(Map<String, String> flavor, Map<String, String> server) {
        return SlaWishes.of(flavor, server);
    }

    /** The directions are those of the thesis: idle below 10 Mbit/s, a factor of 1.2 between the rates. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, archival_idle",
        "9.9, 9.9, archival_idle",
        "10, 8, dev_test",
        "10, 10, transactional",
        "12, 10, transactional",
        "12.1, 10, dev_test",
        "1, 99.9, dev_test",
        "99, 99, transactional",
        "1, 100, content_delivery",
        "900, 20, analytical",
        "100, 90, batch",
        "500, 500, batch",
    })
    void ratesTellTheClass(double in, double out, String name) {
        assertThat(SHIPPED.typeOf(traffic(in, out)).name()).isEqualTo(name);
    }

    @Test
    void theSixClassesOfTheThesisShipWithTheirOriginAndLeaveNoGap() {
        assertThat(SHIPPED.types())
                .extracting(WorkloadType::name)
                .containsExactlyInAnyOrder(
                        "transactional", "analytical", "content_delivery", "dev_test", "batch", "archival_idle");
        assertThat(SHIPPED.types()).allSatisfy(type -> assertThat(type.origin()).isNotBlank());
        assertThat(SHIPPED.gap()).isEmpty();
    }

    /** "At least half of what they have undisturbed." */
    @Test
    void everyLowerBoundKeepsAtLeastHalf() {
        for (WorkloadType type : SHIPPED.types()) {
            type.bounds()
                    .forEach((urgency, pair) -> assertThat(pair.lower().percent())
                            .as("%s at %s urgency", type.name(), urgency)
                            .isGreaterThanOrEqualTo(50));
        }
    }

    @ParameterizedTest
    @CsvSource({
        // content delivery sends 400: 60 and 90 %, 75 and 100 %, 90 and 120 %
        "0, 400, HIGH, 240, 360",
        "0, 400, MEDIUM, 300, 400",
        "0, 400, LOW, 360, 480",
        // an analytical VM receives 400: 60 and 90 % at medium urgency
        "400, 0, MEDIUM, 240, 360",
        // nearly idle: half of 1 is less than 1mbit, 75 % less than 5mbit
        "1, 0.5, MEDIUM, 1, 5",
        // 75 % of 8 is more than 5mbit
        "8, 0, MEDIUM, 4, 6",
    })
    void boundsDependOnClassUrgencyAndTheBusierRate(
            double in, double out, Urgency urgency, double lower, double upper) {
        assertThat(SHIPPED.of(traffic(in, out), urgency, NO_PROJECT, SlaWishes.NONE)
                        .bounds())
                .isEqualTo(mbit(lower, upper));
    }

    @Test
    void aProjectsBoundsHoldInPlaceOfTheClassesForTheUrgenciesThatItNames() {
        TrafficClasses classes = new TrafficClasses(
                1,
                SHIPPED.types(),
                List.of(new ProjectBounds(
                        "content_delivery",
                        "p1",
                        1,
                        Map.of(
                                Urgency.MEDIUM,
                                new SlaTerms(SlaBound.parse("50mbit"), SlaBound.parse("60mbit, 10%"))))));

        assertThat(classes.of(traffic(0, 400), Urgency.MEDIUM, Optional.of("p1"), SlaWishes.NONE)
                        .bounds())
                .isEqualTo(mbit(50, 60));
        assertThat(classes.of(traffic(0, 700), Urgency.MEDIUM, Optional.of("p1"), SlaWishes.NONE)
                        .bounds())
                .isEqualTo(mbit(50, 70));
        assertThat(classes.of(traffic(0, 400), Urgency.HIGH, Optional.of("p1"), SlaWishes.NONE)
                        .bounds())
                .isEqualTo(mbit(240, 360));
        assertThat(classes.of(traffic(0, 400), Urgency.MEDIUM, Optional.of("p2"), SlaWishes.NONE)
                        .bounds())
                .isEqualTo(mbit(300, 400));
    }

    @Test
    void aFlavorTakesThePlaceOfTheClass() {
        VmSla sla = SHIPPED.of(
                traffic(0, 400),
                Urgency.MEDIUM,
                NO_PROJECT,
                wishes(Map.of(SlaWishes.LOWER, "500mbit", SlaWishes.URGENCY, "HIGH"), Map.of()));

        assertThat(sla.urgency()).isEqualTo(Urgency.HIGH);
        assertThat(sla.bounds()).as("the upper bound of 360 moves too").isEqualTo(mbit(500, 500));
        assertThat(sla.type()).isEqualTo("content_delivery");
        assertThat(sla.traffic()).isEqualTo(TrafficClass.OUTBOUND);
        assertThat(sla.notes()).isEmpty();
    }

    @Test
    void anOwnerCanNarrow() {
        VmSla sla = SHIPPED.of(
                traffic(0, 400),
                Urgency.MEDIUM,
                NO_PROJECT,
                wishes(Map.of(), Map.of(SlaWishes.LOWER, "100mbit", SlaWishes.URGENCY, "low")));

        assertThat(sla.urgency()).isEqualTo(Urgency.LOW);
        assertThat(sla.bounds()).as("of the operator's urgency").isEqualTo(mbit(100, 400));
        assertThat(sla.notes()).isEmpty();
    }

    @Test
    void anOwnerWhoLowersOnlyTheUpperBoundLowersBoth() {
        assertThat(SHIPPED.of(
                                traffic(0, 400),
                                Urgency.MEDIUM,
                                NO_PROJECT,
                                wishes(Map.of(), Map.of(SlaWishes.UPPER, "200mbit")))
                        .bounds())
                .isEqualTo(mbit(200, 200));
    }

    @Test
    void anOwnerCannotWiden() {
        VmSla sla = SHIPPED.of(
                traffic(0, 400),
                Urgency.MEDIUM,
                NO_PROJECT,
                wishes(
                        Map.of(SlaWishes.URGENCY, "low", SlaWishes.UPPER, "400mbit"),
                        Map.of(
                                SlaWishes.URGENCY, "medium",
                                SlaWishes.LOWER, "380mbit",
                                SlaWishes.UPPER, "900mbit")));

        assertThat(sla.urgency()).isEqualTo(Urgency.LOW);
        assertThat(sla.bounds()).isEqualTo(mbit(360, 400));
        assertThat(sla.notes())
                .containsExactly(
                        "godwit:urgency medium in the server's metadata is ignored: the operator's urgency is low.",
                        "godwit:sla_upper 900mbit in the server's metadata is limited to the operator's 400mbit.",
                        "godwit:sla_lower 380mbit in the server's metadata is limited to the operator's 360mbit.");
    }

    /** 75 % of the 400 sent at least, so 75 % of the 40 received too. */
    @Test
    void theQuieterDirectionKeepsTheSameShare() {
        VmSla sla = SHIPPED.of(traffic(40, 400), Urgency.MEDIUM, NO_PROJECT, SlaWishes.NONE);
        assertThat(sla.outbound()).isEqualTo(mbit(300, 400));
        assertThat(sla.inbound()).isEqualTo(mbit(30, 40));
        assertThat(sla.inbound().plus(sla.outbound())).isEqualTo(mbit(330, 440));

        VmSla silent = SHIPPED.of(traffic(0, 0), Urgency.MEDIUM, NO_PROJECT, SlaWishes.NONE);
        assertThat(silent.inbound()).isEqualTo(mbit(1, 5)).isEqualTo(silent.outbound());
    }

    @Test
    void aClassThatLeavesAGapIsTold() {
        List<WorkloadType> types = new ArrayList<>(SHIPPED.types());
        types.removeIf(type -> type.name().equals("transactional"));
        assertThat(new TrafficClasses(1, types, List.of()).gap()).contains("mixed traffic from 10mbit on");

        types.add(
                0,
                new WorkloadType(
                        "chat",
                        1,
                        "",
                        "",
                        Set.of(TrafficClass.MIXED),
                        Bandwidth.ZERO,
                        Bandwidth.ofMegabits(50),
                        SHIPPED.types().get(0).bounds()));
        TrafficClasses still = new TrafficClasses(1, types, List.of());
        assertThat(still.gap()).contains("mixed traffic from 50mbit on");
        assertThat(still.typeOf(traffic(49, 49)).name()).isEqualTo("chat");
        assertThat(still.typeOf(traffic(60, 60)).name()).as("the last one").isEqualTo("batch");
    }

    @Test
    void twoClassesOfOneNameAreRefused() {
        List<WorkloadType> twice =
                List.of(SHIPPED.types().get(0), SHIPPED.types().get(0));
        assertThatThrownBy(() -> new TrafficClasses(1, twice, List.of()))
                .hasMessage("There are two traffic classes archival_idle. Keep one.");
    }
}
