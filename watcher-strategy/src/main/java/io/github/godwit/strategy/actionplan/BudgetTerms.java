package io.github.godwit.strategy.actionplan;

import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterRules;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.plan.Racks;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * What limits the migrations that all plans have at a time.
 *
 * @param rules      the VMs that must not migrate at the same time
 * @param concurrent how many migrations a host may be the source of at a time, by its name; 0 for any number
 * @param racks      links between racks
 */
public record BudgetTerms(Supplier<ClusterRules> rules, ToIntFunction<String> concurrent, Racks racks) {

    /** The limits of a cloud. */
    public static BudgetTerms of(Cloud cloud, Racks racks) {
        return new BudgetTerms(
                cloud::rules, host -> cloud.concurrentMigrations(host).orElse(0), racks);
    }

    /**
     * Reads what has to be known of other services, so that nothing is asked for while the budget is locked.
     *
     * @param actions the actions of a plan
     * @throws io.github.godwit.strategy.common.ServiceRefusal if the rules cannot be read
     */
    Readiness readiness(Collection<Action> actions) {
        List<Set<String>> apart = rules.get().apart();
        Map<String, Integer> limits = new HashMap<>();
        actions.stream()
                .filter(action -> action.state() == ActionState.PENDING && MigrationBudget.migrates(action))
                .map(action -> action.parameters().path("source_node").asText())
                .forEach(host -> limits.computeIfAbsent(host, concurrent::applyAsInt));
        return new Readiness(() -> new MigrationBudget(host -> limits.getOrDefault(host, 0), racks, apart));
    }
}
