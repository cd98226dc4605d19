package io.github.godwit.strategy.actionplan;

import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterRules;
import io.github.godwit.strategy.plan.Racks;
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
     * Reads what has to be known of other services. {@link Known#asking} is for decisions that are not final, and asks for limits of further
     * hosts; {@link Known#known} asks nobody, and is for those that are made while the budget is locked.
     *
     * @throws io.github.godwit.strategy.common.ServiceRefusal if the rules cannot be read
     */
    Known known() {
        List<Set<String>> apart = rules.get().apart();
        Map<String, Integer> limits = new HashMap<>();
        return new Known(
                new Readiness(() -> new MigrationBudget(
                        host -> limits.computeIfAbsent(host, concurrent::applyAsInt), racks, apart)),
                new Readiness(() -> new MigrationBudget(host -> limits.getOrDefault(host, 0), racks, apart)));
    }

    /**
     * Decides by what was read.
     *
     * @param asking asks for limits that are not known yet
     * @param known  takes a host whose limit was not asked for as one without a limit
     */
    record Known(Readiness asking, Readiness known) {}
}
