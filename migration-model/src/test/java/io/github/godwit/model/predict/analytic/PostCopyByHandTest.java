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
import static io.github.godwit.model.predict.analytic.ByHand.vm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.technique.Technique;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Post-copy step by step, worked out by hand: a VM of 256 MiB of which 64 MiB hold something (16,384 pages, and 49,152
 * zero ones), over a link of 125 MB/s.
 */
class PostCopyByHandTest {

    private final SimulatedOutcome outcome = new SimulatedOutcome();

    private void run(MigrationCase migration, MigrationCosts costs, Technique technique) {
        PreCopySimulation preCopy = new PreCopySimulation(migration, costs, outcome);
        new PostCopySimulation(migration, costs, preCopy, outcome).run(technique);
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
        assertThat(outcome.downtimeSeconds).as("the switch and a round trip").isCloseTo(0.003, within(1e-12));
        assertThat(outcome.seconds)
                .as("a round trip more at the end")
                .isCloseTo(0.02 + 0.05 + 0.003 + span + zeros + 0.002, within(1e-9));
        assertThat(outcome.secondsOnSource).isCloseTo(0.07, within(1e-9));
        assertThat(outcome.guestSeconds).as("all but the switch").isCloseTo(outcome.seconds - 0.003, within(1e-9));
        assertThat(outcome.wireBytes).isCloseTo(PAGES * PLAIN_BYTES + ZEROS * 9, within(1e-3));
        assertThat(outcome.cpuSeconds).isCloseTo(early * 1e-6 + missing * 2e-6 + ZEROS * 1e-7 + 0.003, within(1e-9));
        assertThat(outcome.memoryBytes).isEqualTo(1e6);
        assertThat(outcome.converges).isTrue();
    }

    @Test
    void a_vm_that_is_sent_before_the_switch_leaves_nothing_to_follow_but_its_zero_pages() {
        run(between(vm(256, 64)), costs(Map.of("postcopyStartSeconds", 10.0)), Technique.POST_COPY);

        assertThat(outcome.secondsOnSource).isCloseTo(PAGES * 4096 / LINK_BYTES, within(1e-9));
        assertThat(outcome.seconds - outcome.secondsOnSource).isCloseTo(ZEROS * 9 / LINK_BYTES, within(1e-9));
        assertThat(outcome.wireBytes).isCloseTo(ALL_BYTES, within(1e-3));
    }

    @Test
    void the_one_thread_that_sends_bounds_the_rate_with_what_the_kernel_takes_for_it() {
        MigrationCosts costs = costs(
                Map.of("postcopySendSecondsPerPage", 50e-6, "zeroSecondsPerPage", 1e-6, "kernelSecondsPerPage", 5e-7));

        run(between(vm(256, 64)), costs, Technique.POST_COPY);

        double cpu = PAGES * 50e-6 + ZEROS * 1e-6;
        assertThat(outcome.seconds).isCloseTo(cpu + ALL_BYTES / 4096 * 5e-7, within(1e-9));
        assertThat(outcome.cpuSeconds).isCloseTo(cpu, within(1e-9));
    }

    @Test
    void on_a_full_source_it_gets_its_weight_of_the_cores() {
        MigrationCosts costs = costs(Map.of("postcopySendSecondsPerPage", 50e-6));

        run(between(vm(256, 64), host("h1", 8, 8, 1000), host("h2", 0, 0, 1000), 0), costs, Technique.POST_COPY);

        // 8 cores for 8 threads of weight 4.7, and one of 1.8
        double granted = 8 * 1.8 / (8 * 4.7 + 1.8);
        assertThat(outcome.seconds).isCloseTo(PAGES * 50e-6 / granted, within(1e-9));
    }

    @Test
    void a_destination_that_is_slow_to_place_pages_bounds_the_rate() {
        MigrationCosts costs =
                costs(Map.of("postcopyReceiveSecondsPerPage", 64e-6, "postcopyZeroSecondsPerPage", 1e-6));
        double rate = 4096 / 64e-6; // 64 MB/s

        run(between(vm(256, 64)), costs, Technique.POST_COPY);
        assertThat(outcome.seconds).isCloseTo(ALL_BYTES / rate + ZEROS * 1e-6, within(1e-9));

        // On a full host its thread has a weight of 4.7 like the 8 others: 8/9 of a core.
        run(between(vm(256, 64), host("h1", 0, 0, 1000), host("h2", 8, 8, 1000), 0), costs, Technique.POST_COPY);
        assertThat(outcome.seconds).isCloseTo((ALL_BYTES / rate + ZEROS * 1e-6) * 9 / 8, within(1e-9));
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
        assertThat(outcome.guestSeconds).isCloseTo(kept * ALL_SECONDS, within(1e-9));
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
        assertThat(outcome.guestSeconds).isCloseTo(ALL_SECONDS * CpuContention.pace(0.6, level), within(1e-9));
    }

    @Test
    void after_one_round_of_pre_copy_what_the_connection_holds_stalls_the_vm_and_what_is_dirty_follows() {
        MigrationCosts costs = costs(Map.of("queueBytes", 1e5, "postcopySwitchSeconds", 0.001));

        run(between(vm(256, 64, levelAt(5_000)), 1000, 2), costs, Technique.PRE_POST_COPY);

        double rest = 5_000 * PLAIN_BYTES;
        assertThat(outcome.seconds).isCloseTo((ALL_BYTES + rest) / LINK_BYTES + 0.001 + 2 * 0.002, within(1e-9));
        double held = 1e5 * Math.cbrt(PAGES * PLAIN_BYTES / 1e7) / LINK_BYTES;
        double ran = outcome.guestSeconds - outcome.secondsOnSource - 0.002;
        assertThat(outcome.downtimeSeconds).isCloseTo(held + 0.003 + 0.5 * (rest / LINK_BYTES - ran), within(1e-9));
        assertThat(outcome.secondsOnSource).isCloseTo(ALL_SECONDS - held, within(1e-9));
        assertThat(outcome.wireBytes).isCloseTo(ALL_BYTES + rest, within(1e-3));
    }

    @Test
    void headers_of_the_network_take_their_share_of_the_link() {
        run(between(vm(256, 64)), costs(Map.of("wireEfficiency", 0.8)), Technique.POST_COPY);

        assertThat(outcome.seconds).isCloseTo(ALL_SECONDS / 0.8, within(1e-9));
    }
}
