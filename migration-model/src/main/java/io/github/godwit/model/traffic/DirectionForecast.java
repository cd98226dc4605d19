package io.github.godwit.model.traffic;

import io.github.godwit.model.unit.Bandwidth;
import java.util.EnumMap;
import java.util.Map;

/** The forecast of one direction: history, and the errors that each method would have made lately. */
final class DirectionForecast {

    /** Beyond this many minutes the errors at the longer horizon count. */
    private static final int NEAR = 5;

    /** A method is used when its error is below this share of the error of "as now". */
    private static final double BETTER = 0.9;

    private final RateHistory history = new RateHistory();
    private final Backtest near = new Backtest(1);
    private final Backtest far = new Backtest(10);

    /** The errors of all methods at one horizon. */
    private static final class Backtest {

        private final int horizon;
        private final Map<ForecastMethod, MethodErrors> errors = new EnumMap<>(ForecastMethod.class);

        /** Forecasts so many minutes ahead. */
        Backtest(int horizon) {
            this.horizon = horizon;
            for (ForecastMethod method : ForecastMethod.values()) {
                errors.put(method, new MethodErrors());
            }
        }

        /** Compares what each method would have said with what a complete minute was. */
        void test(RateHistory history, long minute) {
            double actual = history.mean(minute);
            long known = minute - horizon;
            double asNow = Math.abs(ForecastMethod.AS_NOW.of(history, known, minute) - actual);
            errors.forEach((method, tested) -> tested.add(Math.abs(method.of(history, known, minute) - actual), asNow));
        }

        /** The best method of those that can forecast a minute, if it was better than "as now"; otherwise "as now". */
        ForecastMethod best(RateHistory history, long target) {
            ForecastMethod best = ForecastMethod.AS_NOW;
            double bestShare = BETTER;
            for (Map.Entry<ForecastMethod, MethodErrors> each : errors.entrySet()) {
                double share = each.getValue().share();
                if (share < bestShare && !Double.isNaN(each.getKey().of(history, history.minute() - 1, target))) {
                    best = each.getKey();
                    bestShare = share;
                }
            }
            return best;
        }
    }

    /** The fading mean errors of a method and of "as now" on the same minutes. */
    private static final class MethodErrors {

        /** A method has to be tested this often before it can be used. */
        private static final int FEWEST_TESTS = 15;

        /** Errors fade with a mean age of half an hour. */
        private static final double FADE = 1 / 30.0;

        private double own;
        private double asNow;
        private int tests;

        /** Adds a test; one of which either error is {@code NaN} is left out. */
        void add(double error, double errorAsNow) {
            if (Double.isNaN(error) || Double.isNaN(errorAsNow)) {
                return;
            }
            tests++;
            double weight = Math.max(FADE, 1.0 / tests);
            own += weight * (error - own);
            asNow += weight * (errorAsNow - asNow);
        }

        /** The error as a share of that of "as now"; 1 where that made none, or before there are enough tests. */
        double share() {
            return tests < FEWEST_TESTS || asNow == 0 ? 1 : own / asNow;
        }
    }

    void add(long minute, double value) {
        long complete = history.minute();
        if (history.add(minute, value)) {
            near.test(history, complete);
            far.test(history, complete);
        }
    }

    /** The method for a minute. */
    ForecastMethod method(long target) {
        return (target - history.minute() <= NEAR ? near : far).best(history, target);
    }

    Bandwidth forecast(long target) {
        ForecastMethod method = target <= history.minute() ? ForecastMethod.AS_NOW : method(target);
        double rate =
                method == ForecastMethod.AS_NOW ? history.last() : method.of(history, history.minute() - 1, target);
        return Double.isNaN(rate) ? Bandwidth.ZERO : new Bandwidth(Math.round(rate));
    }
}
