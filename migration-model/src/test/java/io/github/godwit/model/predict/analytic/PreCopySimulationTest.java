package io.github.godwit.model.predict.analytic;

import static io.github.godwit.model.predict.analytic.ByHand.ALL_BYTES;
import static io.github.godwit.model.predict.analytic.ByHand.ALL_SECONDS;
import static io.github.godwit.model.predict.analytic.ByHand.LINK_BYTES;
import static io.github.godwit.model.predict.analytic.ByHand.PAGES;
import static io.github.godwit.model.predict.analytic.ByHand.PLAIN_BYTES;
import static io.github.godwit.model.predict.analytic.ByHand.ZEROS;
import static io.github.godwit.model.predict.analytic.ByHand.between;
import static io.github.godwit.model.predict.analytic.ByHand.costs;
import static io.github.godwit.model.predict.analytic.ByHand.host;
import static io.github.godwit.model.predict.analytic.ByHand.levelAt;
import static io.github.godwit.model.predict.analytic.ByHand.limited;
import static io.github.godwit.model.predict.analytic.ByHand.rising;
import static io.github.godwit.model.predict.analytic.ByHand.vm;
import static io.github.godwit.model.predict.analytic.ByHand.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * QEMU's pre-copy round by round, worked out by hand: a VM of 256 MiB of which 64 MiB hold something (16,384 pages, and
 * 49,152 zero ones), over a link of 125 MB/s. Its first round is 67,682,304 B, which take 0.541 s.
 */
class PreCopySimulationTest {

    private static final MigrationCosts FREE = costs(Map.of());

    private final SimulatedOutcome outcome = new SimulatedOutcome();

    private PreCopySimulation run(MigrationCase migration, MigrationCosts costs, Technique technique) {
        PreCopySimulation simulation = new PreCopySimulation(migration, costs, outcome);
        simulation.run(technique);
        return simulation;
    }

    @Test
    void an_idle_vm_costs_its_set_up_one_round_one_sync_and_its_stop() {
        MigrationCosts costs = costs(Map.of(
                "setupSeconds", 0.02,
                "stopSeconds", 0.01,
                "sendSecondsPerPage", 1e-6,
                "zeroSecondsPerPage", 1e-7,
                "syncSecondsPerPage", 1e-9,
                "kernelSecondsPerPage", 2e-7,
                "baseMemoryBytes", 1e6));

        run(between(vm(256, 64)), costs, Technique.PRE_COPY);

        double sync = 65_536 * 1e-9;
        assertThat(outcome.seconds).isCloseTo(0.02 + ALL_SECONDS + sync + 0.01, within(1e-9));
        assertThat(outcome.downtimeSeconds).isCloseTo(0.01, within(1e-9));
        assertThat(outcome.secondsOnSource).isCloseTo(0.02 + ALL_SECONDS + sync, within(1e-9));
        assertThat(outcome.guestSeconds).as("undisturbed").isCloseTo(0.02 + ALL_SECONDS + sync, within(1e-9));
        assertThat(outcome.wireBytes).isEqualTo(ALL_BYTES);
        assertThat(outcome.cpuSeconds).isCloseTo(PAGES * 1e-6 + ZEROS * 1e-7 + sync, within(1e-12));
        assertThat(outcome.faultSeconds).isZero();
        assertThat(outcome.memoryBytes).isEqualTo(1e6);
        assertThat(outcome.converges).isTrue();
    }

    /** Slower than the link: 0.819 s for the pages and 0.049 s for the zero ones. */
    private static final MigrationCosts SLOW_SENDER = costs(Map.of(
            "sendSecondsPerPage", 50e-6,
            "zeroSecondsPerPage", 1e-6,
            "kernelSecondsPerPage", 5e-7));

    private static final double SLOW_CPU = PAGES * 50e-6 + ZEROS * 1e-6;
    private static final double SLOW_WORK = SLOW_CPU + ALL_BYTES / 4096 * 5e-7;

    @Test
    void the_one_thread_that_sends_bounds_the_rate_with_what_the_kernel_takes_for_it() {
        run(between(vm(256, 64)), SLOW_SENDER, Technique.PRE_COPY);

        assertThat(outcome.seconds).isCloseTo(SLOW_WORK, within(1e-9));
        assertThat(outcome.cpuSeconds).as("the kernel's is not QEMU's").isCloseTo(SLOW_CPU, within(1e-9));
    }

    @Test
    void beside_other_vms_it_gets_its_weight_of_the_cores_and_takes_as_much_longer() {
        VmProfile vm = vm(256, 64);
        MigrationCase onFullHost = between(vm, host("h1", 8, 8, 1000), host("h2", 0, 0, 1000), 0);

        run(onFullHost, SLOW_SENDER, Technique.PRE_COPY);

        // 8 cores for 8 threads of weight 4.7, and one of 1.8
        double granted = 8 * 1.8 / (8 * 4.7 + 1.8);
        assertThat(outcome.seconds).isCloseTo(SLOW_WORK / granted, within(1e-9));
        assertThat(outcome.cpuSeconds).isCloseTo(SLOW_CPU, within(1e-9));
    }

    @Test
    void what_is_dirty_at_a_sync_and_fits_goes_while_the_vm_stands_at_the_cost_of_any_page() {
        MigrationCosts costs = costs(Map.of(
                "stopSeconds", 0.01, "sendSecondsPerPage", 1e-6, "faultSecondsPerPage", 5e-6, "queueBytes", 1e5));

        run(between(vm(256, 64, levelAt(5_000))), costs, Technique.PRE_COPY);

        // 5,000 pages are 20.5 MB, of 37.5 MB that go in 300 ms; the connection holds 1e5 · ∛6.72 B then.
        double held = 1e5 * Math.cbrt(PAGES * PLAIN_BYTES / 1e7);
        double rest = 5_000 * PLAIN_BYTES;
        assertThat(outcome.downtimeSeconds).isCloseTo(0.01 + (rest + held) / LINK_BYTES, within(1e-9));
        assertThat(outcome.seconds).isCloseTo(0.01 + (ALL_BYTES + rest) / LINK_BYTES, within(1e-9));
        assertThat(outcome.wireBytes).isEqualTo(ALL_BYTES + rest);
        assertThat(outcome.cpuSeconds).isCloseTo((PAGES + 5_000) * 1e-6, within(1e-12));
        assertThat(outcome.faultSeconds).isCloseTo(5_000 * 5e-6, within(1e-12));
        assertThat(outcome.guestSeconds).isCloseTo((ALL_BYTES - held) / LINK_BYTES, within(1e-9));
    }

    @Test
    void a_slow_sender_makes_the_downtime_longer_than_the_link_does() {
        run(between(vm(256, 64, levelAt(2_000))), SLOW_SENDER, Technique.PRE_COPY);

        assertThat(outcome.downtimeSeconds).isCloseTo(2_000 * 50e-6, within(1e-9));
    }

    /**
     * 10,000 pages/s over 10,000 pages, and 20 ms of downtime, in which 610.35 pages' worth of bytes go. An iteration
     * of 50 ms sends 1,522.9 pages.
     */
    @Test
    void each_round_leaves_what_fits_and_takes_an_iteration_at_least_until_the_rest_fits() {
        run(limited(vm(256, 64, rising(10_000)), 20), FREE, Technique.PRE_COPY);

        double fits = LINK_BYTES * 0.02 / 4096;
        double iteration = 0.05 * LINK_BYTES / PLAIN_BYTES;
        // Round 1 takes 0.541 s, in which 5,414.6 pages are written.
        double dirty = 10_000 * ALL_SECONDS;
        // Round 2 sends 4,804.2 of them: 0.1577 s, in which 1,577.3 are written. Of those left 0.1577 are among these.
        double seconds2 = (dirty - fits) * PLAIN_BYTES / LINK_BYTES;
        dirty = 10_000 * seconds2 + fits * (1 - seconds2);
        assertThat(dirty).isCloseTo(2_091.4, within(0.1));
        // Round 3 could end when 1,481 are sent, but QEMU looks only after 50 ms. Of the 568.5 left a twentieth is
        // written again.
        double seconds3 = 0.05;
        dirty = 10_000 * seconds3 + (dirty - iteration) * (1 - seconds3);
        assertThat(dirty).isCloseTo(1_040.1, within(0.1)).isGreaterThan(fits);
        // Round 4 has less than an iteration and sends all: 0.0341 s, in which 341.5 are written, which fit.
        double seconds4 = dirty * PLAIN_BYTES / LINK_BYTES;
        dirty = 10_000 * seconds4;
        assertThat(dirty).isCloseTo(341.5, within(0.1)).isLessThan(fits);
        double downtime = dirty * PLAIN_BYTES / LINK_BYTES;

        assertThat(outcome.downtimeSeconds).isCloseTo(downtime, within(1e-9));
        assertThat(outcome.seconds).isCloseTo(ALL_SECONDS + seconds2 + seconds3 + seconds4 + downtime, within(1e-9));
        assertThat(outcome.wireBytes).isCloseTo(outcome.seconds * LINK_BYTES, within(1e-3));
        assertThat(outcome.converges).isTrue();
    }

    /**
     * The same over two channels whose threads take 100 µs a page each: a page leaves every 50 µs, 1,000 in an
     * iteration.
     */
    @Test
    void where_the_cpu_bounds_the_rate_it_bounds_what_fits_and_what_an_iteration_sends() {
        MigrationCosts costs = costs(Map.of("sendSecondsPerPage", 100e-6));

        run(limited(vm(256, 64, rising(10_000)), 20), costs, Technique.MULTIFD);

        double first = PAGES * 50e-6;
        double dirty = 10_000 * first;
        double fits = (PAGES * PLAIN_BYTES + ZEROS * 8) / first * 0.02 / 4096; // 403.1 at the first round's bandwidth
        double fitsLater = PLAIN_BYTES / 50e-6 * 0.02 / 4096; // 400.8, without the zero pages
        double seconds = first;
        double sent = dirty - fits; // 7,788.9
        double unsent = fits;
        for (double expected : new double[] {4_140.6, 2_195.7, 1_262.3}) {
            double round = sent * 50e-6;
            seconds += round;
            dirty = 10_000 * round + unsent * (1 - round);
            assertThat(dirty).isCloseTo(expected, within(0.1));
            sent = dirty - fitsLater;
            unsent = fitsLater;
        }
        // 861.5 would do, and an iteration sends 1,000.
        seconds += 0.05;
        dirty = 10_000 * 0.05 + (dirty - 1_000) * (1 - 0.05);
        assertThat(dirty).isCloseTo(749.2, within(0.1));
        // All 749 in less than an iteration; 374.6 are written meanwhile, and fit.
        double last = dirty * 50e-6;
        dirty = 10_000 * last;
        double downtime = dirty * 50e-6;

        assertThat(outcome.seconds).isCloseTo(seconds + last + downtime, within(1e-9));
        assertThat(outcome.downtimeSeconds).isCloseTo(downtime, within(1e-9));
    }

    @Test
    void what_just_fits_is_not_less_than_the_threshold() {
        // 2^27 B/s for 0.25 s are 2^25 B: 8,192 pages.
        MigrationTuning quarter = MigrationTuning.DEFAULT.withDowntimeLimit(Duration.ofMillis(250));
        double megabits = (1 << 27) * 8 / 1e6;

        run(with(between(vm(256, 64, levelAt(8_192)), megabits, 0), quarter), FREE, Technique.PRE_COPY);
        assertThat(outcome.converges).as("writes 8,192 pages in any round").isFalse();

        run(with(between(vm(256, 64, levelAt(8_191)), megabits, 0), quarter), FREE, Technique.PRE_COPY);
        assertThat(outcome.converges).isTrue();
        assertThat(outcome.downtimeSeconds).isCloseTo(8_191 * PLAIN_BYTES / (1 << 27), within(1e-9));
    }

    /**
     * A VM that writes 100,000 pages/s, after 60 ms of set-up. The first look comes after one iteration: 1,513 pages
     * are gone, and the rest and the zero pages are 64,023, while 64,082 fit in 4.65 s. But 4,967 were written
     * meanwhile. Those that had been sent are dirty again and no longer fit, so the migration continues with the zero pages
     * and the pages that it had not reached.
     */
    @Test
    void a_first_round_that_ends_early_leaves_its_zero_pages_and_its_last_pages_to_the_next() {
        MigrationCosts costs =
                costs(Map.of("setupSeconds", 0.06, "sendSecondsPerPage", 1e-6, "zeroSecondsPerPage", 1e-7));

        run(limited(vm(256, 64, rising(100_000)), 4_650), costs, Technique.PRE_COPY);

        double sent1 = PAGES * 0.05 / ALL_SECONDS;
        double neverSent = PAGES - sent1;
        double seconds1 = sent1 * PLAIN_BYTES / LINK_BYTES;
        double dirty = neverSent + 100_000 * seconds1 * sent1 / PAGES;
        double fits = sent1 * PLAIN_BYTES / (0.06 + seconds1) * 4.65 / 4096; // the bandwidth since the command
        assertThat(dirty + ZEROS).isCloseTo(64_482, within(1.0)).isGreaterThan(fits);

        double sent2 = 0.05 * LINK_BYTES / PLAIN_BYTES;
        double wire2 = sent2 * PLAIN_BYTES + ZEROS * 9;
        double seconds2 = wire2 / LINK_BYTES;
        double unsent = dirty - sent2 - (neverSent - sent2); // written again, and not sent again
        neverSent -= sent2;
        double written = 100_000 * seconds2;
        dirty = neverSent + written * (1 - neverSent / PAGES) + unsent * (1 - written / PAGES);

        // At 125 MB/s far more fits, and the VM is stopped.
        assertThat(outcome.downtimeSeconds).isCloseTo(dirty * PLAIN_BYTES / LINK_BYTES, within(1e-9));
        assertThat(outcome.seconds).isCloseTo(0.06 + seconds1 + seconds2 + outcome.downtimeSeconds, within(1e-9));
        assertThat(outcome.wireBytes).isCloseTo((sent1 + dirty) * PLAIN_BYTES + wire2, within(1e-3));
        assertThat(outcome.cpuSeconds).isCloseTo((sent1 + sent2 + dirty) * 1e-6 + ZEROS * 1e-7, within(1e-9));
    }

    @Test
    void zero_pages_that_are_left_are_scanned_while_the_vm_stands() {
        // The sender needs 0.868 s for all; the first look is after 60 ms of set-up and 50 ms of it.
        MigrationCosts costs = costs(Map.of(
                "setupSeconds", 0.06, "stopSeconds", 0.01, "sendSecondsPerPage", 50e-6, "zeroSecondsPerPage", 1e-6));

        run(limited(vm(256, 64), 100_000), costs, Technique.PRE_COPY);

        double sent = PAGES * 0.05 / SLOW_CPU;
        assertThat(outcome.downtimeSeconds).isCloseTo(0.01 + (PAGES - sent) * 50e-6 + ZEROS * 1e-6, within(1e-9));
        assertThat(outcome.wireBytes).isCloseTo(ALL_BYTES, within(1e-3));
        assertThat(outcome.cpuSeconds).isCloseTo(SLOW_CPU, within(1e-9));
    }

    @Test
    void multifd_s_channels_take_memory_each_and_share_the_work_of_the_switchover() {
        MigrationCosts costs =
                costs(Map.of("sendSecondsPerPage", 100e-6, "baseMemoryBytes", 1e6, "channelMemoryBytes", 3e5));

        run(between(vm(256, 64, levelAt(2_000))), costs, Technique.MULTIFD);

        assertThat(outcome.memoryBytes).isEqualTo(1e6 + 2 * 3e5);
        assertThat(outcome.downtimeSeconds).isCloseTo(2_000 * 100e-6 / 2, within(1e-9));
        assertThat(outcome.cpuSeconds).isCloseTo((PAGES + 2_000) * 100e-6, within(1e-9));
    }

    @Test
    void delta_compression_takes_memory_for_the_pages_in_its_cache() {
        run(limited(vm(256, 64, levelAt(10_000)), 0), costs(Map.of("baseMemoryBytes", 1e6)), Technique.XBZRLE);

        assertThat(outcome.memoryBytes).isEqualTo(1e6 + 10_000 * 4096);
    }

    @Test
    void a_dirty_limit_bounds_what_is_written_once_it_is_on() {
        // 40,000 pages/s are more than the link takes; the limit allows 1 MB/s: 244.1 pages/s.
        run(limited(vm(64, 64, rising(40_000)), 30), FREE, Technique.DIRTY_LIMIT);

        assertThat(outcome.converges).isTrue();
        // All rounds are full until the limit is on; the next leaves hardly anything.
        assertThat(outcome.downtimeSeconds).isLessThan(0.03);
        double fullRound = PAGES * PLAIN_BYTES / LINK_BYTES;
        assertThat(outcome.seconds).isBetween(4 * fullRound, 8 * fullRound);
    }

    @Test
    void one_round_alone_ends_without_a_switchover_and_tells_what_it_left() {
        PreCopySimulation simulation = new PreCopySimulation(
                between(vm(256, 64, levelAt(5_000))),
                costs(Map.of("baseMemoryBytes", 1e6, "stopSeconds", 0.01, "queueBytes", 1e5)),
                outcome);
        simulation.runFirstRound(Technique.PRE_POST_COPY);

        double held = 1e5 * Math.cbrt(PAGES * PLAIN_BYTES / 1e7);
        assertThat(simulation.dirtyPages()).isEqualTo(5_000);
        assertThat(simulation.queueSeconds()).isCloseTo(held / LINK_BYTES, within(1e-9));
        assertThat(outcome.seconds).isCloseTo((ALL_BYTES - held) / LINK_BYTES, within(1e-9));
        assertThat(outcome.downtimeSeconds).isZero();
        assertThat(outcome.memoryBytes).isEqualTo(1e6);
    }

    @ParameterizedTest
    @EnumSource(names = {"PRE_COPY", "MULTIFD", "ZSTD", "XBZRLE", "XBZRLE_ZLIB", "AUTO_CONVERGE", "DIRTY_LIMIT"})
    void a_technique_costs_the_same_after_another_as_alone(Technique technique) {
        MigrationCase migration = limited(vm(256, 64, levelAt(10_000)), 0);
        SimulatedOutcome alone = new SimulatedOutcome();
        new PreCopySimulation(migration, MigrationCosts.LAB, alone).run(technique);
        PreCopySimulation used = new PreCopySimulation(migration, MigrationCosts.LAB, outcome);
        for (Technique before : new Technique[] {Technique.XBZRLE, Technique.AUTO_CONVERGE, Technique.MULTIFD}) {
            used.run(before);
        }
        used.run(technique);

        assertThat(outcome).usingRecursiveComparison().isEqualTo(alone);
    }

    @Test
    void a_vm_that_writes_more_is_never_quicker_to_move() {
        Random random = new Random(11);
        for (int i = 0; i < 200; i++) {
            double rate = 200 + 40_000 * random.nextDouble();
            double more = rate * (1 + random.nextDouble());
            long limit = 20L + random.nextInt(400);

            double little = seconds(limited(vm(64, 64, rising(rate)), limit));
            double much = seconds(limited(vm(64, 64, rising(more)), limit));

            // An iteration more or less, of what is dirty at the end
            assertThat(much)
                    .as("%.0f and %.0f pages/s, %d ms", rate, more, limit)
                    .isGreaterThan(little - 0.06);
        }
    }

    @Test
    void a_faster_link_never_makes_it_slower() {
        Random random = new Random(12);
        for (int i = 0; i < 200; i++) {
            VmProfile vm = vm(64, 64, rising(200 + 10_000 * random.nextDouble()));
            double megabits = 400 + 2_000 * random.nextDouble();

            assertThat(seconds(between(vm, 2 * megabits, 0))).isLessThan(seconds(between(vm, megabits, 0)));
        }
    }

    private double seconds(MigrationCase migration) {
        run(migration, FREE, Technique.PRE_COPY);
        return outcome.seconds;
    }
}
