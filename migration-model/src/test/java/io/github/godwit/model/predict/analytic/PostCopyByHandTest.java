package io.github.godwit.model.predict.analytic;

import static io.github.godwit.model.predict.analytic.ByHand.LINK_BYTES;
import static io.github.godwit.model.predict.analytic.ByHand.PLAIN_BYTES;
import static io.github.godwit.model.predict.analytic.ByHand.between;
import static io.github.godwit.model.predict.analytic.ByHand.costs;
import static io.github.godwit.model.predict.analytic.ByHand.host;
import static io.github.godwit.model.predict.analytic.ByHand.levelAt;
import static io.github.godwit.model.predict.analytic.ByHand.rising;
import static io.github.godwit.model.predict.analytic.ByHand.vm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.profile.DirtyCurve.Point;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.Technique;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Post-copy step by step (notes §3.9), worked out by hand: a VM of 256 MiB of which 64 MiB hold something (16,384 pages, and 49,152
 * zero ones), over a link of 125 MB/s.
 */
class PostCopyByHandTest {

    private static final double PAGES = 16_384;
    private static final double ZEROS = 49_152;
    private static final double ALL_BYTES = PAGES * PLAIN_BYTES + ZEROS * 9;
    private static final double ALL_SECONDS = ALL_BYTES / LINK_BYTES;

    private final Tally tally = new Tally();

    private void run(MigrationCase migration, MigrationCosts costs, Technique technique) {
        PreCopySimulation preCopy = new PreCopySimulation(migration, costs, tally);
        new PostCopySimulation(migration, costs, preCopy, tally).run(technique);
    }

    @Test
    void an_idle_vm_costs_its_set_up_what_goes_before_the_switch_the_switch_and_the_rest() {
        MigrationCosts costs = costs(Map.of(
                "setupSeconds", 0.02,
                "postcopyStartSeconds", 0.05,
                "postcopySwitchSeconds", 0.001,
                "postcopySwitchCpuSeconds", 0.003,
                "sendSecondsPerPage", 1e-6,
                "postcopySendSecondsPerPage", 2e-6,
                "zeroSecondsPerPage", 1e-7,
                "postcopyZeroSecondsPerPage", 1e-6,
                "baseMemoryBytes", 1e6));

        run(between(vm(256, 64), 1000, 2), costs, Technique.POST_COPY);

        double early = 0.05 * LINK_BYTES / 4096; // pages that go in 50 ms
        double missing = PAGES - early;
        double wire = missing * PLAIN_BYTES + ZEROS * 9;
        double span = wire / LINK_BYTES;
        double zeros = ZEROS * 1e-6; // which the destination places one by one
        assertThat(tally.downtimeSeconds).as("the switch and a round trip").isCloseTo(0.003, within(1e-12));
        assertThat(tally.seconds)
                .as("a round trip more at the end")
                .isCloseTo(0.02 + 0.05 + 0.003 + span + zeros + 0.002, within(1e-9));
        assertThat(tally.secondsOnSource).isCloseTo(0.07, within(1e-9));
        assertThat(tally.guestSeconds).as("all but the switch").isCloseTo(tally.seconds - 0.003, within(1e-9));
        assertThat(tally.wireBytes).isCloseTo(PAGES * PLAIN_BYTES + ZEROS * 9, within(1e-3));
        assertThat(tally.cpuSeconds).isCloseTo(early * 1e-6 + missing * 2e-6 + ZEROS * 1e-7 + 0.003, within(1e-9));
        assertThat(tally.memoryBytes).isEqualTo(1e6);
        assertThat(tally.converges).isTrue();
    }

    @Test
    void a_vm_that_is_sent_before_the_switch_leaves_nothing_to_follow_but_its_zero_pages() {
        run(between(vm(256, 64)), costs(Map.of("postcopyStartSeconds", 10.0)), Technique.POST_COPY);

        assertThat(tally.secondsOnSource).isCloseTo(PAGES * 4096 / LINK_BYTES, within(1e-9));
        assertThat(tally.seconds - tally.secondsOnSource).isCloseTo(ZEROS * 9 / LINK_BYTES, within(1e-9));
        assertThat(tally.wireBytes).isCloseTo(ALL_BYTES, within(1e-3));
    }

    @Test
    void the_one_thread_that_sends_bounds_the_rate_with_what_the_kernel_takes_for_it() {
        MigrationCosts costs = costs(
                Map.of("postcopySendSecondsPerPage", 50e-6, "zeroSecondsPerPage", 1e-6, "kernelSecondsPerPage", 5e-7));

        run(between(vm(256, 64)), costs, Technique.POST_COPY);

        double cpu = PAGES * 50e-6 + ZEROS * 1e-6;
        assertThat(tally.seconds).isCloseTo(cpu + ALL_BYTES / 4096 * 5e-7, within(1e-9));
        assertThat(tally.cpuSeconds).isCloseTo(cpu, within(1e-9));
    }

    @Test
    void on_a_full_source_it_gets_its_weight_of_the_cores() {
        MigrationCosts costs = costs(Map.of("postcopySendSecondsPerPage", 50e-6));

        run(between(vm(256, 64), host("h1", 8, 8, 1000), host("h2", 0, 0, 1000), 0), costs, Technique.POST_COPY);

        // 8 cores for 8 threads of weight 4.7, and one of 1.8
        double granted = 8 * 1.8 / (8 * 4.7 + 1.8);
        assertThat(tally.seconds).isCloseTo(PAGES * 50e-6 / granted, within(1e-9));
    }

    @Test
    void a_destination_that_is_slow_to_place_pages_bounds_the_rate() {
        MigrationCosts costs =
                costs(Map.of("postcopyReceiveSecondsPerPage", 64e-6, "postcopyZeroSecondsPerPage", 1e-6));
        double rate = 4096 / 64e-6; // 64 MB/s

        run(between(vm(256, 64)), costs, Technique.POST_COPY);
        assertThat(tally.seconds).isCloseTo(ALL_BYTES / rate + ZEROS * 1e-6, within(1e-9));

        // On a full host its thread has a weight of 4.7 like the 8 others: 8/9 of a core.
        run(between(vm(256, 64), host("h1", 0, 0, 1000), host("h2", 8, 8, 1000), 0), costs, Technique.POST_COPY);
        assertThat(tally.seconds).isCloseTo((ALL_BYTES / rate + ZEROS * 1e-6) * 9 / 8, within(1e-9));
    }

    @Test
    void the_vm_loses_speed_beside_what_takes_its_pages_in() {
        // It always runs; 2 of 8 cores are busy at the destination, and taking 16,384 pages in at 10 µs each beside
        // them.
        MigrationCosts costs = costs(Map.of("postcopyReceiveSecondsPerPage", 10e-6, "wakeLoss", 0.4));

        run(
                between(vm(256, 64, 2, 1.2, 0), host("h1", 2, 2, 1000), host("h2", 2, 2, 1000), 0),
                costs,
                Technique.POST_COPY);

        double receiving = PAGES * 10e-6 / ALL_SECONDS;
        double kept = 1 - 0.4 * 0.6 * (2 + receiving) / 8;
        assertThat(tally.guestSeconds).isCloseTo(kept * ALL_SECONDS, within(1e-9));
    }

    @Test
    void on_a_full_destination_its_vcpus_feel_the_level() {
        MigrationCosts costs = costs(Map.of("postcopyReceiveSecondsPerPage", 10e-6));

        run(
                between(vm(256, 64, 2, 1.2, 0), host("h1", 0, 0, 1000), host("h2", 8, 8, 1000), 0),
                costs,
                Technique.POST_COPY);

        // The 0.303 cores that take pages in are less than the share of their thread; the rest goes by weight to 8
        // threads and 2
        // vCPUs.
        double receiving = PAGES * 10e-6 / ALL_SECONDS;
        double level = (8 - receiving) / (8 * CpuContention.SLEEPER + 2);
        assertThat(tally.guestSeconds).isCloseTo(ALL_SECONDS * CpuContention.pace(0.6, level), within(1e-9));
    }

    @Test
    void after_one_round_of_pre_copy_what_the_connection_holds_stalls_the_vm_and_what_is_dirty_follows() {
        MigrationCosts costs = costs(Map.of("queueBytes", 1e5, "postcopySwitchSeconds", 0.001));

        run(between(vm(256, 64, levelAt(5_000)), 1000, 2), costs, Technique.PRE_POST_COPY);

        double rest = 5_000 * PLAIN_BYTES;
        assertThat(tally.seconds).isCloseTo((ALL_BYTES + rest) / LINK_BYTES + 0.001 + 2 * 0.002, within(1e-9));
        assertThat(tally.downtimeSeconds).isCloseTo(0.003, within(1e-12));
        assertThat(tally.secondsOnSource)
                .isCloseTo(ALL_SECONDS - 1e5 * Math.cbrt(PAGES * PLAIN_BYTES / 1e7) / LINK_BYTES, within(1e-9));
        assertThat(tally.wireBytes).isCloseTo(ALL_BYTES + rest, within(1e-3));
    }

    /** 1,000 pages/s, so slow that all stays a line. */
    private static final VmProfile STEADY = vm(256, 256, rising(1_000));

    /**
     * With preemption, of a VM that touches r new pages/s of which a share m is missing, and waits w for each, time passes at
     * 1/(1 + r·m·w). While m falls from 1 to 0 in a time T it gets T·ln(1 + r·w)/(r·w) done.
     */
    @Test
    void with_preemption_it_waits_for_each_missing_page_that_it_touches() {
        MigrationCosts costs = costs(Map.of("faultSeconds", 0.002));
        double span = 65_536 * PLAIN_BYTES / LINK_BYTES;
        double perPage = PLAIN_BYTES / LINK_BYTES;

        run(between(STEADY, 1000, 1), costs, Technique.POST_COPY_PREEMPT);

        double wait = 0.002 + 0.001 + perPage; // the fault, a round trip, and the page
        double arrival = span * WriteLocality.of(STEADY).pages() / 65_536;
        double got = arrival * Math.log(1 + 1_000 * wait) / (1_000 * wait) + span - arrival;
        assertThat(tally.guestSeconds).isCloseTo(got + 0.001, within(1e-3 * got));
    }

    /** In the middle of the first of 64 steps about half of the pages that it writes are missing, and then none: they lie where the stream begins. */
    @Test
    void with_preemption_what_is_written_has_come_first() {
        VmProfile vm = vm(256, 256, 1, 0, 1, rising(1_000));
        assertThat(WriteLocality.of(vm).pages()).isCloseTo(1_000, within(1e-6));
        double span = 65_536 * PLAIN_BYTES / LINK_BYTES;
        double step = span / 64; // 33.6 ms; the 1,000 pages take 32.8

        run(between(vm), costs(Map.of("faultSeconds", 0.01)), Technique.POST_COPY_PREEMPT);

        double wait = 0.01 + PLAIN_BYTES / LINK_BYTES;
        double missing = 1 - 0.5 * 1_024 / 1_000;
        assertThat(tally.guestSeconds).isCloseTo(step / (1 + 1_000 * missing * wait) + 63 * step, within(1e-9));
    }

    @Test
    void headers_of_the_network_take_their_share_of_the_link() {
        run(between(vm(256, 64)), costs(Map.of("wireEfficiency", 0.8)), Technique.POST_COPY);

        assertThat(tally.seconds).isCloseTo(ALL_SECONDS / 0.8, within(1e-9));
    }

    @Test
    void with_preemption_nothing_is_done_until_the_first_bytes_are_there() {
        VmProfile idle = vm(256, 64);

        run(
                between(idle),
                costs(Map.of("postcopyStallBytes", 5e6, "postcopyZeroSecondsPerPage", 1e-6)),
                Technique.POST_COPY_PREEMPT);
        assertThat(tally.guestSeconds).isCloseTo(ALL_SECONDS - 0.04 + ZEROS * 1e-6, within(1e-9));

        run(between(idle), costs(Map.of("postcopyStallBytes", 5e9)), Technique.POST_COPY_PREEMPT);
        assertThat(tally.guestSeconds)
                .as("of less there is nothing to stall for")
                .isCloseTo(0, within(1e-9));
    }

    @Test
    void what_was_sent_before_the_switch_is_not_waited_for() {
        // All but the zero pages is there.
        run(
                between(vm(256, 64, rising(1_000))),
                costs(Map.of("postcopyStartSeconds", 10.0, "faultSeconds", 0.01)),
                Technique.POST_COPY_PREEMPT);

        assertThat(tally.guestSeconds).isGreaterThan(0.99 * tally.seconds);
    }

    /** Round and round through 10,000 pages in half a second, and hardly ever out of order. */
    private static final VmProfile IN_ORDER = vm(
            64,
            64,
            1,
            0,
            1,
            new Point(0.25, 5_000),
            new Point(0.5, 10_000),
            new Point(1, 10_000),
            new Point(2, 10_000));

    /** What it gets done if it writes in order, and as likely as that is not so, at random. */
    private static double likely(double inOrder, double span, double wait) {
        WriteLocality locality = WriteLocality.of(IN_ORDER);
        double order = locality.sequential();
        assertThat(order).isBetween(0.999, 1.0);
        FaultReplay replay = new FaultReplay();
        double hot = locality.hotPages();
        double cold = locality.coldPages();
        replay.begin(hot, cold, PAGES - hot - cold, 0, span / PAGES, 0);
        replay.waits(wait, 0, 0);
        return order * inOrder + (1 - order) * replay.run(locality, span);
    }

    @Test
    void a_vm_that_writes_in_order_waits_twice_and_follows_the_stream_where_that_is_slower() {
        // 50 µs a page where it would write one: 20,000 pages/s
        MigrationCosts slow =
                costs(Map.of("postcopySendSecondsPerPage", 80e-6, "faultSeconds", 0.004, "postcopyQueueBytes", 1.25e6));

        run(between(IN_ORDER, 1000, 1), slow, Technique.POST_COPY);

        double span = PAGES * 80e-6;
        double written = WriteLocality.of(IN_ORDER).pages();
        double behind = (80e-6 - 1 / 20_000.0) * written;
        double wait =
                0.004 + 1.25e6 / LINK_BYTES + 0.001 + 80e-6; // the fault, all in flight, a round trip and the page
        assertThat(written).isCloseTo(10_000, within(1.0));
        assertThat(tally.guestSeconds).isCloseTo(likely(span - behind - 2 * wait, span, wait) + 0.001, within(1e-9));
    }

    @Test
    void a_stream_that_is_faster_than_the_vm_does_not_hold_it_up() {
        MigrationCosts quick = costs(Map.of("faultSeconds", 0.004));

        run(between(IN_ORDER), quick, Technique.POST_COPY);

        double span = PAGES * PLAIN_BYTES / LINK_BYTES;
        double wait = 0.004 + PLAIN_BYTES / LINK_BYTES;
        assertThat(tally.guestSeconds).isCloseTo(likely(span - 2 * wait, span, wait), within(1e-9));
    }

    /** 16 MiB of 64 hold something, and 4,000 pages of it are written in order in a quarter of a second. */
    private static final VmProfile SMALL_IN_ORDER = vm(
            64, 16, 1, 0, 1, new Point(0.125, 2_000), new Point(0.25, 4_000), new Point(1, 4_000), new Point(2, 4_000));

    @Test
    void zero_pages_are_time_to_get_on_in_for_a_vm_that_writes_in_order() {
        run(between(SMALL_IN_ORDER), costs(Map.of("postcopyZeroSecondsPerPage", 1e-5)), Technique.POST_COPY);

        double order = WriteLocality.of(SMALL_IN_ORDER).sequential();
        double bytes = 4_096 * PLAIN_BYTES + 12_288 * 9;
        double span = bytes / LINK_BYTES;
        double zeros = 12_288 * 1e-5;
        double perPage = span / 4_096;
        double inOrder = span + zeros - 2 * perPage;
        assertThat(tally.guestSeconds)
                .isBetween(order * inOrder, order * inOrder + (1 - order) * (span + zeros) + 1e-9);
    }

    @Test
    void after_one_round_a_vm_that_writes_in_order_is_behind_in_what_it_wrote_meanwhile_alone() {
        MigrationCosts slow = costs(Map.of("postcopySendSecondsPerPage", 80e-6));

        run(between(SMALL_IN_ORDER), slow, Technique.PRE_POST_COPY);

        double order = WriteLocality.of(SMALL_IN_ORDER).sequential();
        double first = (4_096 * PLAIN_BYTES + 12_288 * 9) / LINK_BYTES; // 0.135 s, in which 2,166 pages are written
        double missing = 16_000 * first;
        double span = missing * 80e-6;
        double behind = (80e-6 - 1 / 16_000.0) * missing;
        double inOrder = span - behind - 2 * 80e-6;
        assertThat(tally.guestSeconds - first).isBetween(order * inOrder, order * inOrder + (1 - order) * span + 1e-9);
    }

    @Test
    void on_busy_hosts_threads_wake_late_for_each_page_that_is_asked_for() {
        MigrationCosts costs = costs(Map.of(
                "postcopySendSecondsPerPage", 40e-6, "postcopyReceiveSecondsPerPage", 10e-6, "wakeSeconds", 0.08));

        run(between(IN_ORDER, host("h1", 3, 3, 1000), host("h2", 1, 1, 1000), 0), costs, Technique.POST_COPY);

        // The sender beside 3 of 8 cores, and the receiver, which is busy for a quarter of the time, beside 1 of 8.
        double wait = (4 / 8.0 + 1.25 / 8) * 0.08 + 40e-6;
        double span = PAGES * 40e-6; // and it writes a page in 50 µs
        assertThat(tally.guestSeconds).isCloseTo(likely(span - 2 * wait, span, wait), within(1e-9));
    }

    @Test
    void a_vm_that_writes_here_and_there_is_held_up_as_the_replay_of_its_faults_tells() {
        // 500 pages that are written often and then 300 more in a second
        VmProfile vm = vm(256, 64, 1, 0, 0.5, new Point(0.05, 400), new Point(0.5, 650), new Point(1, 800));
        MigrationCosts costs = costs(Map.of(
                "faultSeconds", 0.0004,
                "postcopyQueueBytes", 1.25e4,
                "zeroSecondsPerPage", 2e-7,
                "postcopyZeroSecondsPerPage", 1e-6));
        WriteLocality locality = WriteLocality.of(vm);
        assertThat(locality.sequential()).isZero();
        assertThat(locality.hotPages()).isCloseTo(500, within(1e-9));
        double perPage = ALL_SECONDS / PAGES; // the zero pages' bytes with them
        double wait = 0.0004 + 1.25e4 / LINK_BYTES + 0.0001 + perPage;

        run(between(vm, 1000, 0.1), costs, Technique.POST_COPY);

        FaultReplay replay = new FaultReplay();
        double hot = locality.hotPages();
        double cold = locality.coldPages();
        replay.begin(hot, cold, PAGES - hot - cold, ZEROS, perPage, 1e-6);
        // 9 B each in flight, of 1 µs; of each second among them 1 µs comes in for 0.2 µs of the source's.
        replay.waits(wait, 1.25e4 / 9 * 1e-6, 5);
        assertThat(tally.guestSeconds)
                .isCloseTo(replay.run(locality, ALL_SECONDS + ZEROS * 1e-6) + 0.0001, within(1e-9));
    }

    @Test
    void after_one_round_of_pre_copy_only_what_it_wrote_meanwhile_is_missing() {
        VmProfile vm = vm(256, 64, 1, 0, 0.5, new Point(0.05, 400), new Point(0.5, 650), new Point(1, 800));
        WriteLocality locality = WriteLocality.of(vm);

        run(between(vm), costs(Map.of("faultSeconds", 0.0001)), Technique.PRE_POST_COPY);

        double missing = 650 + (ALL_SECONDS - 0.5) * 300;
        double share = missing / 800; // of its working set
        double perPage = PLAIN_BYTES / LINK_BYTES;
        double hot = locality.hotPages() * share;
        double cold = Math.min(missing - hot, locality.coldPages() * share);
        FaultReplay replay = new FaultReplay();
        replay.begin(hot, cold, missing - hot - cold, 0, perPage, 0);
        replay.waits(0.0001 + perPage, 0, 0);
        assertThat(tally.guestSeconds).isCloseTo(ALL_SECONDS + replay.run(locality, missing * perPage), within(1e-9));
    }

    @Test
    void longer_waits_and_more_in_flight_never_leave_the_guest_more() {
        VmProfile vm = vm(256, 64, 1, 0, 0.5, new Point(0.05, 400), new Point(0.5, 650), new Point(1, 800));
        for (Technique technique :
                new Technique[] {Technique.POST_COPY, Technique.POST_COPY_PREEMPT, Technique.PRE_POST_COPY}) {
            for (VmProfile each : new VmProfile[] {vm, IN_ORDER, STEADY}) {
                run(between(each), costs(Map.of("faultSeconds", 0.001)), technique);
                double quick = tally.guestSeconds;
                run(between(each), costs(Map.of("faultSeconds", 0.01)), technique);
                assertThat(tally.guestSeconds).as("%s", technique).isLessThan(quick);
            }
        }
    }
}
