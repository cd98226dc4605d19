package io.github.godwit.model.reserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.bandwidth.BandwidthCurve;
import io.github.godwit.model.bandwidth.BandwidthCurve.Origin;
import io.github.godwit.model.bandwidth.BandwidthCurve.Piece;
import io.github.godwit.model.bandwidth.BandwidthModel;
import io.github.godwit.model.bandwidth.TechniqueFamily;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All rates in Mbit/s. By default the applications keep a quarter of the link and should keep half. */
class ModelledReservationTest {

    /**
     * An idle VM's ideal is 0.905 of the link for pre-copy. HIGH takes it; MEDIUM 0.75 · 0.905 = 0.67875, which is under 1 − 0.25; LOW
     * 0.5 · 0.905 = 0.4525, which is under 1 − 0.5.
     */
    @ParameterizedTest
    @CsvSource({
        "HIGH, 1000, 905",
        "MEDIUM, 1000, 678.75",
        "LOW, 1000, 452.5",
        "HIGH, 10000, 9050",
        "MEDIUM, 10000, 6787.5",
    })
    void shares_of_the_link_are_reserved_whatever_its_rate(Urgency urgency, double link, double reserved) {
        assertThat(by(urgency).reserve(idleVm(link, 0))).contains(Bandwidth.ofMegabits(reserved));
    }

    /** The VM sends 600: 467.52 − 0.6 for pre-copy, 848.1 + 0.6 for post-copy, 478.38 − 6 for hybrid. */
    @ParameterizedTest
    @CsvSource({"PRE, 466.92", "DCZstd, 466.92", "POST, 848.7", "PRE-POST, 472.38"})
    void the_ideal_follows_from_the_technique_and_the_traffic_of_the_vm(String technique, double ideal) {
        ReservationCase migration = new ReservationCase(
                Technique.parse(technique), outbound(600), host("h1", 1_000, outbound(900)), IDLE, link(1_000, 100));

        assertThat(by(Urgency.HIGH).reserve(migration)).contains(Bandwidth.ofMegabits(ideal));
        assertThat(by(Urgency.LOW).reserve(migration)).contains(Bandwidth.ofMegabits(ideal / 2));
    }

    @Test
    void the_default_is_of_medium_urgency() {
        assertThat(by(Urgency.MEDIUM).reserve(idleVm(1_000, 0))).contains(Bandwidth.ofMegabits(678.75));
    }

    @Test
    void what_the_applications_keep_bounds_it() {
        ReservationTerms greedy = new ReservationTerms(Urgency.MEDIUM, 0.4, 0.7, 0.9);

        assertThat(new ModelledReservation(greedy).reserve(idleVm(1_000, 0)))
                .as("1000 less 400")
                .contains(Bandwidth.ofMegabits(600));
        assertThat(new ModelledReservation(greedy.withUrgency(Urgency.LOW)).reserve(idleVm(1_000, 0)))
                .as("1000 less 700")
                .contains(Bandwidth.ofMegabits(300));
    }

    @Test
    void the_current_model_is_used() {
        AtomicReference<BandwidthModel> model = new AtomicReference<>(BandwidthModel.published());
        ModelledReservation terms =
                new ModelledReservation(ReservationTerms.DEFAULT.withUrgency(Urgency.HIGH), model::get);
        assertThat(terms.reserve(idleVm(1_000, 0))).contains(Bandwidth.ofMegabits(905));

        BandwidthCurve own = new BandwidthCurve(
                List.of(0.0, 1.0),
                List.of(new Piece(0, 0.8)),
                new Origin("measured migrations", 30, Bandwidth.ofMegabits(200), "2025-04-30"));
        model.set(model.get().with(TechniqueFamily.PRE, TrafficClass.OUTBOUND, own));

        assertThat(terms.reserve(idleVm(1_000, 0))).contains(Bandwidth.ofMegabits(800));
    }

    @Test
    void nothing_is_reserved_where_as_much_is_free() {
        assertThat(by(Urgency.MEDIUM).reserve(idleVm(1_000, 679))).isEmpty();
        assertThat(by(Urgency.MEDIUM).reserve(idleVm(1_000, 678))).contains(Bandwidth.ofMegabits(678.75));
    }

    @Test
    void the_note_says_what_is_reserved_and_why() {
        ModelledReservation terms = by(Urgency.MEDIUM);
        ReservationCase migration = idleVm(1_000, 500);

        assertThat(terms.note(migration, terms.reserve(migration), Optional.empty()))
                .isEqualTo(
                        "679 Mbit/s are to be reserved (medium urgency, 75 % of the 905 Mbit/s that PRE uses beside the VM's own "
                                + "traffic by the curve of [Thesis 2025], section 3.3, 2025-04, on a link of 1000 Mbit/s; applications keep "
                                + "250 Mbit/s): 500 of 1000 Mbit/s are free.");
        assertThat(by(Urgency.HIGH).note(migration, terms.reserve(migration), Optional.empty()))
                .contains("high urgency, 100 % of the 905 Mbit/s")
                .doesNotContain("applications keep");
    }

    @Test
    void the_note_says_what_a_migration_gets_without_a_reservation() {
        ModelledReservation terms = by(Urgency.MEDIUM);
        ReservationCase busy = new ReservationCase(
                Technique.PRE_COPY, Traffic.NONE, host("h1", 1_000, outbound(800)), IDLE, link(1_000, 200));

        assertThat(terms.note(busy, terms.reserve(busy), Optional.of("h2 cannot reserve bandwidth")))
                .startsWith(
                        "200 of 1000 Mbit/s are free and 679 Mbit/s should be reserved, but h2 cannot reserve bandwidth. "
                                + "PRE gets 467 of 1000 Mbit/s beside 800 Mbit/s of outbound traffic of h1, by the curve of ");
        assertThat(terms.note(idleVm(1_000, 1_000), Optional.empty(), Optional.empty()))
                .isEqualTo("Nothing is reserved: 1000 of 1000 Mbit/s are free.");
    }

    @Test
    void a_more_urgent_migration_never_gets_less_and_the_applications_keep_their_bound() {
        Random random = new Random(5);
        List<Technique> techniques = List.of(Technique.values());
        for (int i = 0; i < 1_000; i++) {
            double lower = random.nextDouble();
            double upper = lower + (1 - lower) * random.nextDouble();
            ReservationTerms terms = new ReservationTerms(Urgency.LOW, lower, upper, 0.9);
            ReservationCase migration = new ReservationCase(
                    techniques.get(random.nextInt(techniques.size())),
                    new Traffic(
                            Bandwidth.ofMegabits(900 * random.nextDouble()),
                            Bandwidth.ofMegabits(900 * random.nextDouble())),
                    IDLE,
                    host("h3", 1_000, Traffic.NONE),
                    link(1_000, 0));

            double low = megabits(terms, migration);
            double medium = megabits(terms.withUrgency(Urgency.MEDIUM), migration);
            double high = megabits(terms.withUrgency(Urgency.HIGH), migration);

            assertThat(low).isLessThanOrEqualTo(medium).isLessThanOrEqualTo(1000 * (1 - upper) + 1e-6);
            assertThat(medium).isLessThanOrEqualTo(high).isLessThanOrEqualTo(1000 * (1 - lower) + 1e-6);
        }
    }

    private static double megabits(ReservationTerms terms, ReservationCase migration) {
        return new ModelledReservation(terms)
                .reserve(migration)
                .map(Bandwidth::megabits)
                .orElse(0.0);
    }

    private static ModelledReservation by(Urgency urgency) {
        return new ModelledReservation(ReservationTerms.DEFAULT.withUrgency(urgency));
    }

    private static final HostProfile IDLE = host("h2", 1_000, Traffic.NONE);

    private static ReservationCase idleVm(double link, double available) {
        return new ReservationCase(
                Technique.PRE_COPY, Traffic.NONE, host("h1", link, Traffic.NONE), IDLE, link(link, available));
    }

    private static HostProfile host(String name, double link, Traffic traffic) {
        return new HostProfile(name, 4, 0.1, MemorySize.parse("8G"), 0.1, Bandwidth.ofMegabits(link), traffic);
    }

    private static Traffic outbound(double rate) {
        return new Traffic(Bandwidth.ZERO, Bandwidth.ofMegabits(rate));
    }

    private static LinkProfile link(double megabits, double available) {
        return new LinkProfile(Bandwidth.ofMegabits(megabits), Bandwidth.ofMegabits(available), Bandwidth.ZERO, 0.1);
    }
}
