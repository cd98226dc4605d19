package io.github.godwit.model.schedule.solve;

import io.github.godwit.model.schedule.MigrationScheduler;
import io.github.godwit.model.schedule.MoveRequest;
import io.github.godwit.model.schedule.rule.TrafficOrder;
import io.github.godwit.model.schedule.rule.TrafficOrder.Load;
import io.github.godwit.model.schedule.solve.PlanEvaluator.Decision;
import io.github.godwit.model.technique.Technique;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Plain ways and the rules of the papers as schedulers, to compare with and to fall back on. They take the first destination of each move;
 * limits of hosts and anti-affinity hold here too.
 */
public final class RuleSchedulers {

    private final Function<String, Load> loads;

    /**
     * Creates the schedulers.
     *
     * @param loads pages, dirty rate and traffic of each VM
     */
    public RuleSchedulers(Function<String, Load> loads) {
        this.loads = loads;
    }

    /** All of them by name, as operators write it. */
    public Map<String, MigrationScheduler> byName() {
        Map<String, MigrationScheduler> byName = new LinkedHashMap<>();
        byName.put("serial", serial(null));
        byName.put("serial_pre", serial(Technique.PRE_COPY));
        byName.put("at_once", atOnce(null));
        byName.put("order_post", ordered(TrafficOrder.POST_COPY, Technique.POST_COPY));
        byName.put("order_pre", ordered(TrafficOrder.PRE_COPY, Technique.PRE_COPY));
        byName.put("traffic_aware", new TrafficAwareScheduler());
        return byName;
    }

    /**
     * One after another in the given order, as Nova does with {@code max_concurrent_live_migrations} 1.
     *
     * @param technique the technique; null for the policy's choice
     */
    public static MigrationScheduler serial(Technique technique) {
        return problem -> new PlanEvaluator(problem)
                .schedule(
                        problem.moves().stream()
                                .map(each -> Decision.serial(each.vm()).by(technique))
                                .toList(),
                        technique == null ? "serial" : "serial_" + technique);
    }

    /**
     * All at once, as far as the limits of hosts admit.
     *
     * @param technique the technique; null for the policy's choice
     */
    public static MigrationScheduler atOnce(Technique technique) {
        return problem -> new PlanEvaluator(problem)
                .schedule(
                        problem.moves().stream()
                                .map(each -> Decision.atOnce(each.vm()).by(technique))
                                .toList(),
                        technique == null ? "at_once" : "at_once_" + technique);
    }

    /** One after another in an order of [SOLive 2020]. */
    public MigrationScheduler ordered(TrafficOrder order, Technique technique) {
        return problem -> {
            Map<String, MoveRequest> byVm =
                    problem.moves().stream().collect(Collectors.toMap(MoveRequest::vm, each -> each));
            List<Load> vms =
                    problem.moves().stream().map(each -> loads.apply(each.vm())).toList();
            List<Decision> decisions = order.order(vms).stream()
                    .map(each -> Decision.serial(byVm.get(each.vm()).vm()).by(technique))
                    .toList();
            return new PlanEvaluator(problem).schedule(decisions, "order_" + technique);
        };
    }
}
