package io.github.godwit.model.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.Predictions;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.predict.Recalibration.MeasuredMigration;
import io.github.godwit.model.predict.Recalibration.Shift;
import io.github.godwit.model.technique.Technique;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecalibrationTest {

    private static final Technique PRE = Technique.PRE_COPY;
    private static final Technique POST = Technique.POST_COPY;

    /** Total times that were predicted as 1000 ms, give or take 100. */
    private static List<MeasuredMigration> made(Technique technique, double... totalMillis) {
        List<MeasuredMigration> made = new ArrayList<>();
        for (double each : totalMillis) {
            made.add(new MeasuredMigration(technique, predicted(1000, 900, 1100), Map.of(Metric.TOTAL_TIME, each)));
        }
        return made;
    }

    private static Prediction predicted(double totalMillis, double low, double high) {
        Map<Metric, Estimate> estimates =
                new EnumMap<>(Predictions.of(totalMillis, 20, 100, 0.9, 10, 1).estimates());
        estimates.put(Metric.TOTAL_TIME, new Estimate(totalMillis, low, high));
        return new Prediction(estimates, true, Basis.LEARNED);
    }

    private static Estimate totalTime(Recalibration recalibration, Prediction plain) {
        return recalibrated(recalibration, plain).estimates().get(Metric.TOTAL_TIME);
    }

    private static Prediction recalibrated(Recalibration recalibration, Prediction plain) {
        PredictionTable table = PredictionTable.of(Map.of(PRE, plain));
        recalibration.apply(table);
        return table.prediction(PRE);
    }

    @Test
    void the_offset_is_the_median_of_the_errors_and_one_odd_migration_does_not_move_it() {
        Recalibration recalibration = Recalibration.of(made(PRE, 1980, 1990, 2000, 2010, 9000));

        assertThat(recalibration.shifts()).hasSize(2).allSatisfy(shift -> {
            assertThat(shift.metric()).isEqualTo(Metric.TOTAL_TIME);
            assertThat(shift.offset()).isEqualTo(1000);
            assertThat(shift.migrations()).isEqualTo(5);
        });
        assertThat(totalTime(recalibration, predicted(3000, 2500, 3600)).value())
                .isEqualTo(4000);
    }

    private static MeasuredMigration downtime(Technique technique, double predicted, double measured) {
        return new MeasuredMigration(
                technique, Predictions.of(1000, predicted, 100, 0.9, 10, 1), Map.of(Metric.DOWNTIME, measured));
    }

    private static double downtimeAfter(List<MeasuredMigration> made, Technique technique, double predicted) {
        PredictionTable table = PredictionTable.of(Map.of(technique, Predictions.of(1000, predicted, 100, 0.9, 10, 1)));
        Recalibration.of(made).apply(table);
        return table.value(technique, Metric.DOWNTIME);
    }

    /** Measured through Nova: busy VMs have three to four times the predicted downtime; idle ones do not have half a second more. */
    @Test
    void a_downtime_that_is_a_multiple_of_the_predicted_one_makes_a_factor() {
        List<MeasuredMigration> made = List.of(
                downtime(PRE, 120, 437),
                downtime(PRE, 100, 378),
                downtime(PRE, 150, 555),
                downtime(PRE, 10, 37),
                downtime(PRE, 20, 70));

        assertThat(Recalibration.of(made).shifts().get(0).factor()).isBetween(3.4, 3.8);
        assertThat(downtimeAfter(made, PRE, 25)).isBetween(85.0, 95.0);
    }

    @Test
    void what_is_added_to_each_migration_makes_an_offset() {
        List<MeasuredMigration> made = List.of(
                downtime(PRE, 120, 420),
                downtime(PRE, 100, 405),
                downtime(PRE, 150, 450),
                downtime(PRE, 10, 305),
                downtime(PRE, 20, 325));

        assertThat(Recalibration.of(made).shifts().get(0).offset()).isEqualTo(300);
        assertThat(Recalibration.of(made).shifts().get(0).factor()).isEqualTo(1);
        assertThat(downtimeAfter(made, PRE, 25)).isEqualTo(325);
    }

    /** In post-copy the guest waits for pages; under Nova nothing measures that. */
    @Test
    void the_downtime_of_pre_copy_says_nothing_of_that_of_post_copy() {
        List<MeasuredMigration> made = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            made.add(downtime(PRE, 100, 400));
        }

        assertThat(downtimeAfter(made, PRE, 100)).isEqualTo(400);
        assertThat(downtimeAfter(made, POST, 100)).isEqualTo(100);
    }

    /** Of five, four must point one way, which they do in 6 of 32 cases of chance; of ten, seven: 176 of 1024. */
    @Test
    void errors_that_point_either_way_make_no_offset() {
        assertThat(offset(1010, 1020, 1030, 980, 990)).isZero();
        assertThat(offset(1010, 1020, 1030, 1040, 990)).isEqualTo(20);
        assertThat(offset(990, 980, 970, 960, 1010)).isEqualTo(-20);
        assertThat(offset(1010, 1020, 1030, 1040, 1050, 1060, 990, 980, 970, 960))
                .isZero();
        assertThat(offset(1010, 1020, 1030, 1040, 1050, 1060, 1070, 990, 980, 970))
                .isEqualTo(25);
    }

    private static double offset(double... measured) {
        return Recalibration.of(made(PRE, measured)).shifts().get(0).offset();
    }

    @Test
    void the_margin_widens_the_shifted_interval_until_it_holds_nine_tenths() {
        // Errors of 910, 920 ... 1080, 1300 and 1400: their median is 1005.
        double[] measured = new double[20];
        for (int i = 0; i < measured.length; i++) {
            measured[i] = 1910 + 10 * i;
        }
        measured[19] = 2400; // of 20, the 19th smallest score counts: ceil(21 · 0.9)
        measured[18] = 2300;
        Recalibration recalibration = Recalibration.of(made(PRE, measured));

        // 2300 lies 195 above [1905, 2105], of which a half counts as a tenth of 2005.
        assertThat(recalibration.shifts().get(0).offset()).isEqualTo(1005);
        assertThat(recalibration.shifts().get(0).margin()).isCloseTo(195 / 200.5, within(1e-9));
        assertThat(totalTime(recalibration, predicted(1000, 900, 1100))).satisfies(estimate -> {
            assertThat(estimate.value()).isEqualTo(2005);
            assertThat(estimate.low()).isCloseTo(1710, within(1e-9));
            assertThat(estimate.high()).isCloseTo(2300, within(1e-9));
        });
    }

    @Test
    void intervals_that_hold_are_not_narrowed() {
        Recalibration recalibration = Recalibration.of(made(PRE, 1990, 2000, 2000, 2000, 2010));

        assertThat(recalibration.shifts().get(0).margin()).isZero();
        assertThat(totalTime(recalibration, predicted(1000, 900, 1100))).isEqualTo(new Estimate(2000, 1900, 2100));
    }

    @Test
    void pre_copy_and_post_copy_count_apart() {
        PredictionTable table =
                shifted(made(PRE, 1500, 1500, 1500, 1500, 1500), made(POST, 3000, 3000, 3000, 3000, 3000));

        assertThat(table.value(PRE, Metric.TOTAL_TIME)).isEqualTo(1500);
        assertThat(table.value(Technique.ZSTD, Metric.TOTAL_TIME)).isEqualTo(1200);
        assertThat(table.value(POST, Metric.TOTAL_TIME)).isEqualTo(3000);
        assertThat(table.value(PRE, Metric.DOWNTIME)).isEqualTo(20);
    }

    @Test
    void of_which_there_are_few_they_are_taken_to_be_as_all_are() {
        PredictionTable table = shifted(made(PRE, 1500, 1500, 1500, 1500, 1500), made(POST, 3000, 3000, 3000, 3000));

        assertThat(table.value(PRE, Metric.TOTAL_TIME)).isEqualTo(1500);
        assertThat(table.value(POST, Metric.TOTAL_TIME)).isEqualTo(1500);
    }

    private static PredictionTable shifted(List<MeasuredMigration> some, List<MeasuredMigration> others) {
        List<MeasuredMigration> made = new ArrayList<>(some);
        made.addAll(others);
        Map<Technique, Prediction> predictions = Map.of(
                PRE,
                predicted(1000, 900, 1100),
                Technique.ZSTD,
                predicted(700, 600, 800),
                POST,
                predicted(1000, 900, 1100));
        PredictionTable table = PredictionTable.of(predictions);
        Recalibration.of(made).apply(table);
        return table;
    }

    @Test
    void four_migrations_say_nothing() {
        assertThat(Recalibration.of(made(PRE, 2000, 2000, 2000, 2000))).isEqualTo(Recalibration.NONE);
    }

    @Test
    void migrations_that_were_not_expected_to_end_are_passed_over() {
        List<MeasuredMigration> endless = made(PRE, 9000, 9000, 9000, 9000, 9000).stream()
                .map(each ->
                        new MeasuredMigration(PRE, Predictions.endless(300_000, 20, 100, 0.9, 10, 1), each.measured()))
                .toList();

        assertThat(Recalibration.of(endless)).isEqualTo(Recalibration.NONE);
    }

    @Test
    void a_prediction_is_at_most_halved_but_the_cpu_may_fall_below_nothing() {
        List<MeasuredMigration> made = new ArrayList<>();
        for (int i = 0; i < Recalibration.MIN_MIGRATIONS; i++) {
            made.add(new MeasuredMigration(
                    PRE,
                    Predictions.of(1000, 50, 100, 0.9, 10, 5),
                    Map.of(Metric.DOWNTIME, 10.0, Metric.CPU, -30.0, Metric.MEMORY, 1.0)));
        }

        Prediction after = recalibrated(Recalibration.of(made), Predictions.of(500, 20, 100, 0.9, 5, 2));

        assertThat(after.value(Metric.DOWNTIME)).isEqualTo(10);
        assertThat(after.value(Metric.CPU)).isEqualTo(-35);
        assertThat(after.value(Metric.MEMORY)).isEqualTo(1);
    }

    @Test
    void predictions_that_rest_on_too_little_or_are_those_at_a_time_limit_stay_what_they_are() {
        Recalibration recalibration = Recalibration.of(made(PRE, 2000, 2000, 2000, 2000, 2000));
        Prediction unsure = predicted(1000, 900, 1100).withBasis(Basis.UNSURE);
        Prediction endless = Predictions.endless(300_000, 20, 100, 0.9, 10, 1);

        assertThat(recalibrated(recalibration, unsure)).isEqualTo(unsure);
        assertThat(recalibrated(recalibration, endless)).isEqualTo(endless);
    }

    @Test
    void vms_of_which_too_little_was_known_say_nothing_of_others() {
        List<MeasuredMigration> unsure = made(PRE, 2000, 2000, 2000, 2000, 2000).stream()
                .map(each -> new MeasuredMigration(PRE, each.predicted().withBasis(Basis.UNSURE), each.measured()))
                .toList();

        assertThat(Recalibration.of(unsure)).isEqualTo(Recalibration.NONE);
    }

    @Test
    void the_margin_counts_in_half_intervals_since_metrics_span_decades() {
        // 60 above [900, 1100]: six tenths of a half.
        Recalibration recalibration = Recalibration.of(made(PRE, 1000, 840, 1160, 900, 1100));

        assertThat(recalibration.shifts().get(0).margin()).isCloseTo(0.6, within(1e-9));
        assertThat(totalTime(recalibration, predicted(10, 5, 15)).high()).isCloseTo(18, within(1e-9));
        assertThat(totalTime(recalibration, predicted(10_000, 5_000, 15_000)).high())
                .isCloseTo(18_000, within(1e-9));
    }

    /** Independent errors with an offset that nobody told: intervals that held half of them hold nine tenths of the next. */
    @Test
    void intervals_hold_what_they_promise_for_migrations_to_come() {
        Random random = new Random(5);
        int held = 0;
        for (int trial = 0; trial < 400; trial++) {
            List<MeasuredMigration> past = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                past.addAll(made(PRE, 1700 + 150 * random.nextGaussian()));
            }
            Estimate next = totalTime(Recalibration.of(past), predicted(1000, 900, 1100));
            double measured = 1700 + 150 * random.nextGaussian();
            held += measured >= next.low() && measured <= next.high() ? 1 : 0;
        }
        assertThat(held / 400.0).isCloseTo(0.9, within(0.04));
    }

    @Test
    void a_shift_that_makes_no_sense_is_refused() {
        assertThatThrownBy(() -> new Shift(Metric.TOTAL_TIME, false, Double.NaN, 1, 0, 5))
                .hasMessageContaining("offset of TT (NaN)");
        assertThatThrownBy(() -> new Shift(Metric.TOTAL_TIME, false, 0, 1, -1, 5))
                .hasMessageContaining("margin of TT");
        assertThatThrownBy(() -> new Shift(Metric.TOTAL_TIME, false, 0, -1, 0, 5))
                .hasMessageContaining("factor of TT");
    }

    @Test
    void a_predictor_adds_what_is_known_at_the_moment() {
        Recalibration[] known = {Recalibration.NONE};
        Predictor predictor = new RecalibratedPredictor((any, technique) -> predicted(1000, 900, 1100), () -> known[0]);
        assertThat(predictor.predict(null, PRE).value(Metric.TOTAL_TIME)).isEqualTo(1000);

        known[0] = Recalibration.of(made(PRE, 2000, 2000, 2000, 2000, 2000));
        assertThat(predictor.predict(null, PRE).value(Metric.TOTAL_TIME)).isEqualTo(2000);
        assertThat(predictor.predictAll(null, List.of(PRE, POST)).get(POST).value(Metric.TOTAL_TIME))
                .isEqualTo(2000);
    }
}
