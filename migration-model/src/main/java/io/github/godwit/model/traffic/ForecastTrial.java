package io.github.godwit.model.traffic;

import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Checks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * What {@link RateForecast} would have gained on a recorded trace. Once in every minute of the trace it forecasts the mean of the minute
 * that begins a horizon later, with no more than was known then, and so does "as now".
 *
 * @param forecasts how many forecasts were compared
 * @param in        mean errors of what was received
 * @param out       mean errors of what was sent
 * @param methods   how often each way of forecasting was used, by its words; both directions together make one
 */
public record ForecastTrial(int forecasts, Errors in, Errors out, Map<String, Integer> methods) {

    /**
     * One line of a trace.
     *
     * @param at      when the rates were read
     * @param traffic the rates
     */
    public record Sample(Instant at, Traffic traffic) {}

    /**
     * Mean absolute errors of one direction, in Mbit/s.
     *
     * @param asNow    of taking the present rate
     * @param forecast of the forecast
     */
    public record Errors(double asNow, double forecast) {}

    /**
     * Evaluates a trace.
     *
     * @param trace   samples in the order of their times, some in every minute
     * @param horizon how far ahead to forecast, at least a minute
     * @throws IllegalArgumentException when the horizon is too short, times go back, or the trace is too short for one forecast
     */
    public static ForecastTrial of(List<Sample> trace, Duration horizon) {
        if (horizon.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException(
                    "The horizon (%s s) must be at least 60 s, the length of a mean.".formatted(horizon.toSeconds()));
        }
        Map<Long, MinuteMean> means = means(trace);
        Map<String, Integer> methods = new TreeMap<>();
        RateForecast forecast = new RateForecast();
        Total in = new Total();
        Total out = new Total();
        long before = minute(trace.get(0).at());
        for (Sample sample : trace) {
            forecast.add(sample.at(), sample.traffic());
            long minute = minute(sample.at());
            Instant at = sample.at().plus(horizon);
            MinuteMean actual = means.get(minute(at));
            if (minute != before
                    && actual != null
                    && minute(at) < minute(trace.get(trace.size() - 1).at())) {
                Traffic said = forecast.forecast(at);
                in.add(actual.in(), sample.traffic(), said, each -> each.in().megabits());
                out.add(actual.out(), sample.traffic(), said, each -> each.out().megabits());
                methods.merge(forecast.methods(at), 1, Integer::sum);
            }
            before = minute;
        }
        if (in.count == 0) {
            throw new IllegalArgumentException(
                    "The trace is too short: none of its minutes is followed by a complete one after %d s."
                            .formatted(horizon.toSeconds()));
        }
        return new ForecastTrial(in.count, in.errors(), out.errors(), methods);
    }

    private static Map<Long, MinuteMean> means(List<Sample> trace) {
        Checks.positive("number of samples in the trace", trace.size());
        Map<Long, MinuteMean> means = new TreeMap<>();
        Instant before = trace.get(0).at();
        for (Sample sample : trace) {
            if (sample.at().isBefore(before)) {
                throw new IllegalArgumentException(
                        "The times of the trace must not go back, but %s follows %s.".formatted(sample.at(), before));
            }
            before = sample.at();
            means.computeIfAbsent(minute(sample.at()), any -> new MinuteMean()).add(sample.traffic());
        }
        return means;
    }

    private static long minute(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), 60L);
    }

    private static final class MinuteMean {
        private double in;
        private double out;
        private int count;

        void add(Traffic traffic) {
            in += traffic.in().megabits();
            out += traffic.out().megabits();
            count++;
        }

        double in() {
            return in / count;
        }

        double out() {
            return out / count;
        }
    }

    private static final class Total {
        private double asNow;
        private double forecast;
        private int count;

        void add(double actual, Traffic now, Traffic said, ToDoubleFunction<Traffic> rate) {
            asNow += Math.abs(rate.applyAsDouble(now) - actual);
            forecast += Math.abs(rate.applyAsDouble(said) - actual);
            count++;
        }

        Errors errors() {
            return new Errors(asNow / count, forecast / count);
        }
    }
}
