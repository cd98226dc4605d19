package io.github.godwit.strategy.shadow;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Arrays;

/**
 * What Godwit is expected to have saved, in the metric's unit; less than 0 if it would have cost more.
 *
 * @param migrations  number of migrations with a measured value
 * @param sum         sum over them
 * @param mean        mean of them
 * @param low         lower end of the 90 % interval of the sum; null for too few migrations
 * @param high        upper end of it, likewise
 * @param probability probability that the sum is more than 0, likewise
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Saving(int migrations, double sum, double mean, Double low, Double high, Double probability) {

    private static final double TAIL = 0.05;

    /** Of too few migrations to say how sure it is. */
    static Saving unsure(int migrations, double sum) {
        return new Saving(migrations, sum, sum / migrations, null, null, null);
    }

    /**
     * With what a bootstrap found.
     *
     * @param sums the sum in each replicate
     */
    static Saving of(int migrations, double sum, double[] sums) {
        double[] sorted = sums.clone();
        Arrays.sort(sorted);
        int last = sorted.length - 1;
        double positive = Arrays.stream(sorted).filter(each -> each > 0).count();
        return new Saving(
                migrations,
                sum,
                sum / migrations,
                sorted[(int) Math.floor(TAIL * last)],
                sorted[(int) Math.ceil((1 - TAIL) * last)],
                positive / sorted.length);
    }
}
