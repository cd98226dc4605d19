package io.github.godwit.model.predict.analytic;

import static io.github.godwit.model.predict.analytic.AnalyticPredictorTest.FREE;
import static io.github.godwit.model.predict.analytic.AnalyticPredictorTest.idle;
import static io.github.godwit.model.predict.analytic.AnalyticPredictorTest.on;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.Vms;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.Technique;
import org.junit.jupiter.api.Test;

/** What post-copy costs, seen through the predictor. */
class PostCopySimulationTest {

    private final AnalyticPredictor predictor = new AnalyticPredictor(FREE);

    @Test
    void post_copy_sends_every_page_once_whatever_the_vm_writes() {
        Prediction prediction = predictor.predict(on(Vms.writing(256, 64, 64, 600, false), 1000), Technique.POST_COPY);

        assertThat(prediction.value(Metric.TRANSFERRED_DATA)).isCloseTo(67.682304, within(1e-6));
        assertThat(prediction.value(Metric.TOTAL_TIME)).isCloseTo(541.458, within(0.001));
        assertThat(prediction.converges()).isTrue();
    }

    @Test
    void one_round_then_post_copy_sends_all_and_what_that_round_left_dirty() {
        VmProfile vm = Vms.writing(256, 64, 64, 60, false);

        Prediction prediction = predictor.predict(on(vm, 1000), Technique.PRE_POST_COPY);

        double left = vm.dirtyCurve().pagesAfter(0.541458);
        assertThat(prediction.value(Metric.TRANSFERRED_DATA)).isCloseTo((67_682_304 + left * 4104) / 1e6, within(1e-3));
    }

    @Test
    void waiting_for_pages_slows_a_vm_in_post_copy_less_with_preemption() {
        AnalyticPredictor waiting = new AnalyticPredictor();
        MigrationCase migration = on(Vms.writing(256, 64, 64, 60, false), 1000);

        double plain = waiting.predict(migration, Technique.POST_COPY).value(Metric.PERFORMANCE);
        double preempt = waiting.predict(migration, Technique.POST_COPY_PREEMPT).value(Metric.PERFORMANCE);

        assertThat(plain).isLessThan(preempt).isLessThan(0.9);
    }

    @Test
    void a_vm_that_writes_in_order_follows_the_stream_of_post_copy_and_one_that_writes_at_random_waits_for_it() {
        AnalyticPredictor real = new AnalyticPredictor();

        double random = real.predict(on(Vms.writing(256, 64, 48, 100, false), 1000), Technique.POST_COPY)
                .value(Metric.PERFORMANCE);
        double inOrder = real.predict(on(Vms.inOrder(256, 64, 48, 100), 1000), Technique.POST_COPY)
                .value(Metric.PERFORMANCE);

        assertThat(random).isLessThan(inOrder - 0.2);
    }

    /** QEMU counts the switch alone as downtime, about a millisecond with each of these. */
    @Test
    void the_longest_wait_for_pages_is_part_of_the_downtime() {
        AnalyticPredictor real = new AnalyticPredictor();
        MigrationCase busy = on(Vms.writing(256, 64, 64, 60, false), 1000);

        double plain = real.predict(busy, Technique.POST_COPY).value(Metric.DOWNTIME);
        double preempt = real.predict(busy, Technique.POST_COPY_PREEMPT).value(Metric.DOWNTIME);
        double nothingToWaitFor = real.predict(on(Vms.writing(256, 64, 1, 0, false), 1000), Technique.POST_COPY_PREEMPT)
                .value(Metric.DOWNTIME);

        assertThat(preempt).isLessThan(plain);
        assertThat(nothingToWaitFor).isLessThan(preempt);
        assertThat(plain).isBetween(50.0, 500.0);
    }

    @Test
    void in_post_copy_the_destination_places_every_zero_page() {
        MigrationCosts costs = new MigrationCosts(
                0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1e-6, 0, 0);
        MigrationCase migration = on(Vms.writing(1024, 64, 64, 0, false), 1000);

        double without = predictor.predict(migration, Technique.POST_COPY).value(Metric.TOTAL_TIME);
        double with = new AnalyticPredictor(costs)
                .predict(migration, Technique.POST_COPY)
                .value(Metric.TOTAL_TIME);

        assertThat(with - without).isCloseTo(960 * 256 * 1e-6 * 1e3, within(0.01));
    }

    @Test
    void leaving_the_source_early_gives_back_the_vms_own_cpu_time() {
        Prediction prediction = predictor.predict(on(idle(), 1000), Technique.POST_COPY);

        // The VM used half a core there before and nothing from the switch on.
        assertThat(prediction.value(Metric.CPU)).isCloseTo(-50, within(0.01));
    }
}
