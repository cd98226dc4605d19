package io.github.godwit.training.compare;

import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.select.Slo;
import io.github.godwit.model.select.SloPolicy;
import java.util.List;
import java.util.Map;

/**
 * The benefit of a strategy over several policies.
 *
 * @param avoidable      number of SLOs of single cases that PRE violates and ORACLE does not, over all policies
 * @param avoided        share of them that the strategy does not violate
 * @param net            this share minus the SLOs that only the strategy violates, not PRE
 * @param totalTimeRatio its mean total time divided by PRE's, over the hotspot policies
 * @param regret         mean over all policies of its regret in the optimised metric, against ORACLE
 */
public record Summary(int avoidable, double avoided, double net, double totalTimeRatio, double regret) {

    private static final String HOTSPOT = "hotspot";

    /** The benefit of the strategy with this name. */
    static Summary of(
            String strategy,
            Avoidance avoidance,
            Map<String, Map<String, Comparison.Score>> scores,
            List<SloPolicy> policies) {
        double ownTime = 0;
        double preTime = 0;
        double regret = 0;
        for (SloPolicy policy : policies) {
            Map<String, Comparison.Score> own = scores.get(policy.name());
            regret += own.get(strategy).regret() / policies.size();
            if (policy.scenario().equals(HOTSPOT)) {
                ownTime += own.get(strategy).totalTime();
                preTime += own.get(Comparison.PRE).totalTime();
            }
        }
        return new Summary(
                avoidance.avoidable,
                avoidance.share(avoidance.avoided),
                avoidance.share(avoidance.avoided - avoidance.added),
                preTime == 0 ? 1 : ownTime / preTime,
                regret);
    }

    /** Counts SLOs of single cases. */
    static final class Avoidance {
        private int avoidable;
        private int avoided;
        private int added;

        /** Adds the results under a policy; the lists contain the same cases in the same order. */
        void add(
                SloPolicy policy,
                List<SelectionRule.Result> pre,
                List<SelectionRule.Result> chosen,
                List<SelectionRule.Result> oracle) {
            for (int i = 0; i < pre.size(); i++) {
                for (Slo slo : policy.slos()) {
                    boolean byPre = broken(slo, pre.get(i).cost());
                    boolean byChosen = broken(slo, chosen.get(i).cost());
                    boolean needless = byPre && !broken(slo, oracle.get(i).cost());
                    avoidable += needless ? 1 : 0;
                    avoided += needless && !byChosen ? 1 : 0;
                    added += !byPre && byChosen ? 1 : 0;
                }
            }
        }

        private static boolean broken(Slo slo, Prediction cost) {
            return slo.violatedBy(cost.value(slo.metric()));
        }

        private double share(int count) {
            return avoidable == 0 ? 1 : count / (double) avoidable;
        }
    }
}
