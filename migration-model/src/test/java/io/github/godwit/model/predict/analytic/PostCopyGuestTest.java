package io.github.godwit.model.predict.analytic;

import static io.github.godwit.model.predict.analytic.ByHand.ALL_SECONDS;
import static io.github.godwit.model.predict.analytic.ByHand.LINK_BYTES;
import static io.github.godwit.model.predict.analytic.ByHand.PAGES;
import static io.github.godwit.model.predict.analytic.ByHand.PLAIN_BYTES;
import static io.github.godwit.model.predict.analytic.ByHand.ZEROS;
import static io.github.godwit.model.predict.analytic.ByHand.between;
import static io.github.godwit.model.predict.analytic.ByHand.costs;
import static io.github.godwit.model.predict.analytic.ByHand.host;
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

/** How much a VM gets done in post-copy, by how it writes, worked out by hand: over a link of 125 MB/s. */
class PostCopyGuestTest {

    private final SimulatedOutcome outcome = new SimulatedOutcome();

    private void run(MigrationCase migration, MigrationCosts costs, Technique technique) {
        PreCopySimulation preCopy = new PreCopySimulation(migration, costs, outcome);
        new PostCopySimulation(migration, costs, preCopy, outcome).run(technique);
    }

    /** 1,000 pages/s, so slow that all stays a line. */
    private static final VmProfile STEADY = vm(256, 256, rising(1_000));

    /**
     * With preemption, of a VM that touches r new pages/s of which a share m is missing, and waits w for each, time
     * passes at 1/(1 + r·m·w). While m falls from 1 to 0 in a time T it gets T·ln(1 + r·w)/(r·w) done.
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
        assertThat(outcome.guestSeconds).isCloseTo(got + 0.001, within(1e-3 * got));
    }

    /**
     * In the middle of the first of 64 steps about half of the pages that it writes are missing, and then none: they
     * lie where the stream begins.
     */
    @Test
    void with_preemption_what_is_written_has_come_first() {
        VmProfile vm = vm(256, 256, 1, 0, 1, rising(1_000));
        assertThat(WriteLocality.of(vm).pages()).isCloseTo(1_000, within(1e-6));
        double span = 65_536 * PLAIN_BYTES / LINK_BYTES;
        double step = span / 64; // 33.6 ms; the 1,000 pages take 32.8

        run(between(vm), costs(Map.of("faultSeconds", 0.01)), Technique.POST_COPY_PREEMPT);

        double wait = 0.01 + PLAIN_BYTES / LINK_BYTES;
        double missing = 1 - 0.5 * 1_024 / 1_000;
        assertThat(outcome.guestSeconds).isCloseTo(step / (1 + 1_000 * missing * wait) + 63 * step, within(1e-9));
    }

    @Test
    void with_preemption_nothing_is_done_until_the_first_bytes_are_there() {
        VmProfile idle = vm(256, 64);

        run(
                between(idle),
                costs(Map.of("postcopyStallBytes", 5e6, "postcopyZeroSecondsPerPage", 1e-6)),
                Technique.POST_COPY_PREEMPT);
        assertThat(outcome.guestSeconds).isCloseTo(ALL_SECONDS - 0.04 + ZEROS * 1e-6, within(1e-9));

        run(between(idle), costs(Map.of("postcopyStallBytes", 5e9)), Technique.POST_COPY_PREEMPT);
        assertThat(outcome.guestSeconds)
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

        assertThat(outcome.guestSeconds).isGreaterThan(0.99 * outcome.seconds);
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
        replay.setWait(wait, 0, 0);
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
        assertThat(outcome.guestSeconds).isCloseTo(likely(span - behind - 2 * wait, span, wait) + 0.001, within(1e-9));
    }

    @Test
    void a_stream_that_is_faster_than_the_vm_does_not_hold_it_up() {
        MigrationCosts quick = costs(Map.of("faultSeconds", 0.004));

        run(between(IN_ORDER), quick, Technique.POST_COPY);

        double span = PAGES * PLAIN_BYTES / LINK_BYTES;
        double wait = 0.004 + PLAIN_BYTES / LINK_BYTES;
        assertThat(outcome.guestSeconds).isCloseTo(likely(span - 2 * wait, span, wait), within(1e-9));
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
        assertThat(outcome.guestSeconds)
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
        assertThat(outcome.guestSeconds - first)
                .isBetween(order * inOrder, order * inOrder + (1 - order) * span + 1e-9);
    }

    @Test
    void on_busy_hosts_threads_wake_late_for_each_page_that_is_asked_for() {
        MigrationCosts costs = costs(Map.of(
                "postcopySendSecondsPerPage", 40e-6, "postcopyReceiveSecondsPerPage", 10e-6, "wakeSeconds", 0.08));

        run(between(IN_ORDER, host("h1", 3, 3, 1000), host("h2", 1, 1, 1000), 0), costs, Technique.POST_COPY);

        // The sender beside 3 of 8 cores, and the receiver, which is busy for a quarter of the time, beside 1 of 8.
        double wait = (4 / 8.0 + 1.25 / 8) * 0.08 + 40e-6;
        double span = PAGES * 40e-6; // and it writes a page in 50 µs
        assertThat(outcome.guestSeconds).isCloseTo(likely(span - 2 * wait, span, wait), within(1e-9));
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
        replay.setWait(wait, 1.25e4 / 9 * 1e-6, 5);
        assertThat(outcome.guestSeconds)
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
        replay.setWait(0.0001 + perPage, 0, 0);
        assertThat(outcome.guestSeconds).isCloseTo(ALL_SECONDS + replay.run(locality, missing * perPage), within(1e-9));
    }

    @Test
    void longer_waits_and_more_in_flight_never_leave_the_guest_more() {
        VmProfile vm = vm(256, 64, 1, 0, 0.5, new Point(0.05, 400), new Point(0.5, 650), new Point(1, 800));
        for (Technique technique :
                new Technique[] {Technique.POST_COPY, Technique.POST_COPY_PREEMPT, Technique.PRE_POST_COPY}) {
            for (VmProfile each : new VmProfile[] {vm, IN_ORDER, STEADY}) {
                run(between(each), costs(Map.of("faultSeconds", 0.001)), technique);
                double quick = outcome.guestSeconds;
                run(between(each), costs(Map.of("faultSeconds", 0.01)), technique);
                assertThat(outcome.guestSeconds).as("%s", technique).isLessThan(quick);
            }
        }
    }
}
