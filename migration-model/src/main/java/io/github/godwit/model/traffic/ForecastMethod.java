package io.github.godwit.model.traffic;

/** A way to forecast a rate from what it was up to some minute. */
enum ForecastMethod {
    /** The rate stays what it is. */
    AS_NOW("as now") {
        @Override
        double of(RateHistory history, long known, long target) {
            return history.last(known);
        }
    },
    /** Its mean of the last five minutes: for a rate that flickers. */
    SHORT_MEAN("mean of the last five minutes") {
        @Override
        double of(RateHistory history, long known, long target) {
            return mean(history, known, FEW_MINUTES);
        }
    },
    /** Its mean of the last hour: for a rate that goes up and down at random. */
    HOUR_MEAN("mean of the last hour") {
        @Override
        double of(RateHistory history, long known, long target) {
            return mean(history, known, HOUR);
        }
    },
    /** The rhythm that the last hour repeated most exactly, of 2 to 20 minutes: for a job that runs every few minutes. */
    CYCLE("cycle in the last hour") {
        @Override
        double of(RateHistory history, long known, long target) {
            int best = 0;
            double bestError = Double.POSITIVE_INFINITY;
            for (int period = SHORTEST_CYCLE; period <= LONGEST_CYCLE; period++) {
                double error = repeats(history, known, period);
                if (error < bestError) {
                    best = period;
                    bestError = error;
                }
            }
            if (best == 0) {
                return Double.NaN;
            }
            long cycles = (target - known + best - 1) / best;
            return history.mean(target - cycles * best);
        }
    },
    /** What it was at the same time yesterday, in the mean of five minutes. */
    YESTERDAY("same time yesterday") {
        @Override
        double of(RateHistory history, long known, long target) {
            return history.span(target - RateHistory.DAY);
        }
    };

    private static final int HOUR = 60;
    private static final int FEW_MINUTES = 5;
    private static final int SHORTEST_CYCLE = 2;
    private static final int LONGEST_CYCLE = 20;

    private final String words;

    ForecastMethod(String words) {
        this.words = words;
    }

    /**
     * The forecast for a minute.
     *
     * @param history what is remembered; nothing after {@code known} is used
     * @param known   the last minute that counts as known
     * @param target  the minute to forecast, after {@code known}
     * @return the rate, or {@code NaN} where too little is remembered
     */
    abstract double of(RateHistory history, long known, long target);

    /** What it does, for people. */
    String words() {
        return words;
    }

    /** The mean of the last minutes; {@code NaN} unless half of them and five are remembered. */
    private static double mean(RateHistory history, long known, int minutes) {
        double sum = 0;
        int found = 0;
        for (long minute = known; minute > known - minutes; minute--) {
            double mean = history.mean(minute);
            if (!Double.isNaN(mean)) {
                sum += mean;
                found++;
            }
        }
        return found < FEW_MINUTES || 2 * found < minutes ? Double.NaN : sum / found;
    }

    /** The mean error of repeating what was a period before, over two periods or more of the last hour. */
    private static double repeats(RateHistory history, long known, int period) {
        double error = 0;
        int minutes = 0;
        for (long minute = known; minute > known - HOUR + period; minute--) {
            double difference = Math.abs(history.mean(minute) - history.mean(minute - period));
            if (!Double.isNaN(difference)) {
                error += difference;
                minutes++;
            }
        }
        return minutes < 2 * period ? Double.POSITIVE_INFINITY : error / minutes;
    }
}
