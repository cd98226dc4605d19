package io.github.godwit.lab.experiment.scatter;

import io.github.godwit.hostapi.scatter.ScatterOrder;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.net.LabIntermediary;
import io.github.godwit.model.technique.Technique;
import java.util.ArrayList;
import java.util.List;

/**
 * A way to migrate.
 *
 * @param name           its name in the results
 * @param technique      the technique
 * @param intermediaries number of intermediaries; 0 for other techniques
 * @param copies         on how many of them each page is stored; 0 for other techniques
 */
record ScatterWay(String name, Technique technique, int intermediaries, int copies) {

    /** PRE, POST, and for each number of intermediaries scatter-gather with one copy, and with two where there are two. */
    static List<ScatterWay> of(List<Integer> numbers) {
        List<ScatterWay> ways = new ArrayList<>();
        ways.add(new ScatterWay("PRE", Technique.PRE_COPY, 0, 0));
        ways.add(new ScatterWay("POST", Technique.POST_COPY, 0, 0));
        for (int number : numbers) {
            ways.add(new ScatterWay("scatter" + number, Technique.SCATTER_GATHER, number, 1));
        }
        for (int number : numbers) {
            if (number >= 2) {
                ways.add(new ScatterWay("scatter%d_copies2".formatted(number), Technique.SCATTER_GATHER, number, 2));
            }
        }
        return ways;
    }

    /** What the host drivers are asked for; null for other techniques. */
    ScatterOrder order(Lab lab) {
        return intermediaries == 0
                ? null
                : new ScatterOrder(
                        lab.intermediaries().stream()
                                .limit(intermediaries)
                                .map(LabIntermediary::store)
                                .toList(),
                        copies,
                        false);
    }
}
