package io.github.godwit.strategy.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.store.Stores;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * How long the latest migrations took besides their transfer: to prepare them, and to finish them, from their real begin. What they waited
 * for before that does not count, nor do those whose end may have been noticed late.
 */
public final class MeasuredOverhead implements Supplier<Interval> {

    private static final int LATEST = 50;

    /** With fewer migrations the usual time is used. */
    private static final int ENOUGH = 10;

    private static final double LOW = 0.05;
    private static final double HIGH = 0.95;

    private final Stores stores;
    private final Interval usual;

    /**
     * @param stores access to the database
     * @param usual  the usual time, in seconds
     */
    public MeasuredOverhead(Stores stores, Interval usual) {
        this.stores = stores;
        this.usual = usual;
    }

    @Override
    public Interval get() {
        return of(LatestMigrations.succeeded(stores, LATEST).stream()
                .map(MeasuredOverhead::seconds)
                .filter(Objects::nonNull)
                .sorted()
                .toList());
    }

    private Interval of(List<Double> sorted) {
        if (sorted.size() < ENOUGH) {
            return usual;
        }
        double middle = quantile(sorted, 0.5);
        return new Interval(Math.min(middle, quantile(sorted, LOW)), middle, Math.max(middle, quantile(sorted, HIGH)));
    }

    private static double quantile(List<Double> sorted, double share) {
        return sorted.get((int) Math.round(share * (sorted.size() - 1)));
    }

    private static Double seconds(Action action) {
        JsonNode total = action.result() == null
                ? null
                : action.result().path("outcome").path("measured").get(Metric.TOTAL_TIME.toString());
        if (total == null || action.took().isEmpty()) {
            return null;
        }
        return Math.max(0, (action.took().get().toMillis() - total.asDouble()) / 1e3);
    }
}
