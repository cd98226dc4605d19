package io.github.godwit.strategy.shadow;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.predict.RelativeError;
import java.util.List;
import java.util.Optional;

/**
 * How well one metric of the migrations with Nova's own flags was predicted. Pure.
 *
 * @param migrations number of migrations with a measured value
 * @param gmre       geometric mean of the relative errors ([FGCS 2025]); 0.1 for a tenth
 * @param within     share of the measured values within the 90 % intervals
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Accuracy(int migrations, double gmre, double within) {

    /** The accuracy for a metric, or nothing if no migration has a measured value. */
    static Optional<Accuracy> of(Metric metric, List<RecordedMigration> migrations) {
        int count = 0;
        int covered = 0;
        double logs = 0;
        for (RecordedMigration migration : migrations) {
            Double measured = migration.cost(metric);
            Estimate predicted = migration.predicted().get(metric);
            if (measured == null || predicted == null) {
                continue;
            }
            count++;
            covered += predicted.low() <= measured && measured <= predicted.high() ? 1 : 0;
            logs += Math.log(RelativeError.of(metric, predicted.value(), measured, migration.vcpuUse()));
        }
        return count == 0
                ? Optional.empty()
                : Optional.of(new Accuracy(count, Math.exp(logs / count), (double) covered / count));
    }
}
