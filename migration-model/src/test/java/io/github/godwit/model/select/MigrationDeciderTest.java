package io.github.godwit.model.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.Vms;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.reserve.ModelledReservation;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.select.MigrationDecider.Candidates;
import io.github.godwit.model.select.MigrationDecider.Prepared;
import io.github.godwit.model.select.MigrationDecider.Situation;
import io.github.godwit.model.technique.MigrationLimits;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MigrationDeciderTest {

    private static final VmProfile VM =
            VmProfile.unmeasured(new VmDefinition("vm", MemorySize.parse("256M"), 1, "kernel", "", Accelerator.KVM, 0));

    /** The source sends 100 Mbit/s, the destination receives 300. */
    private static final Situation SITUATION =
            new Situation(VM, host("h1", "1mbit", "100mbit"), host("h2", "300mbit", "1mbit"), 0.2);

    private static HostProfile host(String name, String in, String out) {
        return new HostProfile(
                name,
                4,
                0.2,
                MemorySize.parse("8G"),
                0.2,
                Bandwidth.parse("1gbit"),
                new Traffic(Bandwidth.parse(in), Bandwidth.parse(out)));
    }

    private static Prediction costs(double totalMillis) {
        Map<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            estimates.put(metric, new Estimate(1, 1, 1));
        }
        estimates.put(Metric.TOTAL_TIME, new Estimate(totalMillis, totalMillis, totalMillis));
        return new Prediction(estimates, true);
    }

    /** min(1000 − 100, 1000 − 300) = 700 Mbit/s are free. */
    @Test
    void theCaseHasWhatBothHostsLeaveOfTheLinkAndTheReservation() {
        Prepared prepared = MigrationDecider.prepare(
                SITUATION,
                link -> Optional.of(link.available().megabits() > 699 ? Bandwidth.parse("400mbit") : Bandwidth.ZERO),
                Duration.ofSeconds(7),
                Duration.ofMillis(50));

        assertThat(prepared.reservation()).contains(Bandwidth.parse("400mbit"));
        MigrationCase migrationCase = prepared.migrationCase();
        assertThat(migrationCase.link().available()).isEqualTo(Bandwidth.parse("700mbit"));
        assertThat(migrationCase.link().reserved()).isEqualTo(Bandwidth.parse("400mbit"));
        assertThat(migrationCase.link().latencyMillis()).isEqualTo(0.2);
        assertThat(migrationCase.tuning().timeLimit()).isEqualTo(Duration.ofSeconds(7));
        assertThat(migrationCase.tuning().downtimeLimit()).isEqualTo(Duration.ofMillis(50));
    }

    /** More than the 200 Mbit/s that nova.conf of the source allows would be reserved in vain. */
    @Test
    void noMoreIsReservedThanTheMigrationMayUse() {
        MigrationLimits limits = new MigrationLimits(null, Bandwidth.parse("200mbit"), 0, false);
        Situation limited = new Situation(
                VM, SITUATION.source(), SITUATION.destination(), 0.2, limits, MemorySize.ofMebibytes(512), 0, null);
        Prepared more = MigrationDecider.prepare(limited, link -> Optional.of(Bandwidth.parse("400mbit")), null, null);
        assertThat(more.reservation()).contains(Bandwidth.parse("200mbit"));
        assertThat(more.migrationCase().link().reserved()).isEqualTo(Bandwidth.parse("200mbit"));
        assertThat(MigrationDecider.prepare(limited, link -> Optional.of(Bandwidth.parse("50mbit")), null, null)
                        .reservation())
                .contains(Bandwidth.parse("50mbit"));
    }

    @Test
    void withoutLimitsAndReservationTheDefaultsHold() {
        Prepared prepared = MigrationDecider.prepare(SITUATION, link -> Optional.empty(), null, null);

        assertThat(prepared.reservation()).isEmpty();
        assertThat(prepared.migrationCase().link().reserved()).isEqualTo(Bandwidth.ZERO);
        // With three idle cores on both hosts.
        assertThat(prepared.migrationCase().tuning())
                .isEqualTo(MigrationTuning.forVm(VM).withMultifdChannels(3));
    }

    @Test
    void onlyTechniquesThatCanRunArePredictedAndTheBestIsChosen() {
        EnumSet<Technique> predicted = EnumSet.noneOf(Technique.class);
        MigrationDecider decider = new MigrationDecider((migrationCase, technique) -> {
            predicted.add(technique);
            return costs(technique == Technique.MULTIFD ? 1_000 : 5_000);
        });
        TechniqueAvailability availability =
                TechniqueAvailability.all().without(EnumSet.of(Technique.POST_COPY), "is forbidden");

        Choice choice = decider.decide(
                MigrationDecider.prepare(SITUATION, link -> Optional.empty(), null, null)
                        .migrationCase(),
                availability,
                SloPolicies.shipped().get("traffic_overload"));

        assertThat(predicted).isEqualTo(availability.available()).doesNotContain(Technique.POST_COPY);
        assertThat(choice.policy().name()).isEqualTo("traffic_overload");
        assertThat(choice.rejected())
                .anySatisfy(rejection -> assertThat(rejection.reason()).contains("is forbidden"));
    }

    /** The ideal bandwidth is another one for post-copy, so its prediction counts on another reservation. */
    @Test
    void eachTechniqueIsPredictedWithItsOwnReservation() {
        Map<Technique, Double> reserved = new EnumMap<>(Technique.class);
        MigrationDecider decider = new MigrationDecider((migrationCase, technique) -> {
            reserved.put(technique, migrationCase.link().reserved().megabits());
            return costs(1_000);
        });
        Candidates candidates = MigrationDecider.candidates(
                SITUATION,
                migration ->
                        Optional.of(Bandwidth.ofMegabits(migration.technique().isPostCopy() ? 800 : 750)),
                null,
                null);

        decider.decide(
                candidates, TechniqueAvailability.all(), SloPolicies.shipped().get("traffic_overload"));

        assertThat(reserved).hasSize(Technique.values().length);
        reserved.forEach((technique, rate) -> assertThat(rate).isEqualTo(technique.isPostCopy() ? 800 : 750));
        assertThat(candidates.of(Technique.POST_COPY).reservation()).contains(Bandwidth.ofMegabits(800));
        assertThat(candidates.withoutReservation().of(Technique.POST_COPY).reservation())
                .isEmpty();
    }

    /** 200 Mbit/s is the most that nova.conf of the source allows. */
    @Test
    void theReservationOfATechniqueKeepsToTheLimitsOfTheOperatorAndItsNoteSaysSo() {
        MigrationLimits limits = new MigrationLimits(null, Bandwidth.parse("200mbit"), 0, false);
        Situation limited = new Situation(VM, SITUATION.source(), SITUATION.destination(), 0.2, limits);
        ReservationTerms urgent = ReservationTerms.DEFAULT.withUrgency(Urgency.HIGH);

        Candidates candidates = MigrationDecider.candidates(limited, new ModelledReservation(urgent), null, null);

        assertThat(candidates.of(Technique.PRE_COPY).reservation()).contains(Bandwidth.parse("200mbit"));
        assertThat(candidates.note(Technique.PRE_COPY, Optional.empty()))
                .startsWith("200 Mbit/s are to be reserved (high urgency");
    }

    @Test
    void whereNothingCanRunItSaysWhy() {
        MigrationDecider decider = new MigrationDecider((migrationCase, technique) -> costs(1));
        assertThatThrownBy(() -> decider.decide(
                        MigrationDecider.prepare(SITUATION, link -> Optional.empty(), null, null)
                                .migrationCase(),
                        TechniqueAvailability.all().without(EnumSet.allOf(Technique.class), "is forbidden"),
                        SloPolicies.shipped().get("ensure_performance")))
                .isInstanceOf(NoTechniqueException.class)
                .hasMessageContaining("is forbidden");
    }

    /** The VM writes to 1 GiB, which its cache should hold. */
    @Test
    void theCacheFitsIntoTheSourcesFreeMemoryAndTheDisksArePartOfTheCase() {
        VmProfile large = Vms.writing(8192, 4096, 1024, 2_000, false);
        HostProfile source = host("h1", "1mbit", "100mbit");
        assertThat(MigrationTuning.forVm(large).xbzrleCache()).isEqualTo(MemorySize.parse("1G"));

        MigrationCase prepared = MigrationDecider.prepare(
                        new Situation(
                                large,
                                source,
                                host("h2", "1mbit", "1mbit"),
                                0.2,
                                MigrationLimits.NONE,
                                MemorySize.parse("6G"),
                                1_000,
                                null),
                        link -> Optional.empty(),
                        null,
                        null)
                .migrationCase();

        // 80 % of 8 GiB are free, of which 6 GiB are kept: 409 MiB.
        assertThat(prepared.tuning().xbzrleCache()).isEqualTo(MemorySize.ofMebibytes(256));
        assertThat(prepared.diskBytes()).isEqualTo(1_000);
    }
}
