package io.github.godwit.strategy.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.strategy.decide.ConsolidationStrategy;
import io.github.godwit.strategy.decide.DestinationPolicy;
import io.github.godwit.strategy.decide.HotspotStrategy;
import io.github.godwit.strategy.decide.MaintenanceStrategy;
import io.github.godwit.strategy.decide.Rests;
import io.github.godwit.strategy.decide.Strategy;
import io.github.godwit.strategy.decide.ZoneMigrationStrategy;
import io.github.godwit.strategy.plan.PackingWorth;
import io.github.godwit.strategy.plan.PlanWorth;
import io.github.godwit.strategy.plan.ReliefWorth;
import io.github.godwit.strategy.settle.MoveHistory;
import io.github.godwit.strategy.settle.PastMove.Purpose;
import io.github.godwit.strategy.settle.SettleRule;
import io.github.godwit.strategy.settle.Settling;
import java.time.Duration;
import java.time.Instant;

/**
 * What an audit decides by, from the name of its strategy and its parameters: when a host is hot, what rests because of earlier moves, and
 * what a move has to gain.
 *
 * @param strategy   name of the strategy
 * @param parameters its parameters, including defaults
 */
public record AuditDecision(String strategy, JsonNode parameters) {

    /**
     * Checks the parameters.
     *
     * @throws IllegalArgumentException if the strategy is unknown, or a parameter is out of its range
     */
    void check() {
        decider(MoveHistory.NONE, Instant.MAX, Instant.MAX);
    }

    /** Whether it relieves hot hosts. */
    boolean relieves() {
        return Purpose.of(strategy) == Purpose.RELIEF;
    }

    /** When a host is hot, and how many samples are taken. */
    public HotspotRule rule() {
        HotspotRule usual = HotspotRule.DEFAULT;
        return new HotspotRule(
                parameters.path("cpu_threshold").asDouble(usual.cpuThreshold()),
                parameters.path("memory_threshold").asDouble(usual.memoryThreshold()),
                parameters.path("hot_samples").asInt(1),
                parameters.path("samples").asInt(1),
                Duration.ofMillis(
                        Math.round(1e3 * parameters.path("sample_interval").asDouble(0))));
    }

    /** How long what earlier moves concern is left alone. */
    public SettleRule settling() {
        SettleRule usual = SettleRule.DEFAULT;
        return new SettleRule(
                seconds("vm_rest", usual.vmRest()),
                seconds("host_rest", usual.hostRest()),
                seconds("undo_rest", usual.undoRest()),
                seconds("retry_after", usual.retryAfter()));
    }

    private double headroom() {
        return parameters.path("headroom").asDouble(0);
    }

    private Duration seconds(String name, Duration usual) {
        return Duration.ofSeconds(parameters.path(name).asLong(usual.toSeconds()));
    }

    /**
     * The strategy.
     *
     * @param moves        earlier moves
     * @param figuresSince the earliest moment that is part of the figures on which it decides
     * @param now          current time
     * @throws IllegalArgumentException if the strategy is unknown, or a parameter is out of its range
     */
    public Strategy decider(MoveHistory moves, Instant figuresSince, Instant now) {
        DestinationPolicy destinations =
                DestinationPolicy.parse(parameters.path("destination_policy").asText("least-loaded"));
        Rests rests = new Settling(settling(), moves, figuresSince, now).rests(Purpose.of(strategy));
        int maxMoves = parameters.path("max_moves").asInt(1);
        return switch (strategy) {
            case "hotspot_mitigation" -> new HotspotStrategy(rule(), destinations, maxMoves, headroom(), rests);
            case "consolidation", "basic" -> new ConsolidationStrategy(rule(), maxMoves, headroom(), rests);
            case "maintenance", "host_maintenance" -> {
                String host = parameters.path("maintenance_node").asText();
                yield new MaintenanceStrategy(
                        host, emptied().destinations(destinations).get(host));
            }
            case "zone_migration" -> new ZoneMigrationStrategy(emptied().destinations(destinations));
            default -> throw new IllegalArgumentException("There is no strategy '%s'.".formatted(strategy));
        };
    }

    /** The hosts that it names to be emptied. */
    EmptiedHosts emptied() {
        return EmptiedHosts.of(strategy, parameters);
    }

    /** What its moves have to gain. Maintenance empties its host whatever that costs. */
    public PlanWorth worth() {
        Duration horizon = seconds("horizon", Duration.ZERO);
        if (horizon.isZero()) {
            return PlanWorth.ANY;
        }
        return switch (Purpose.of(strategy)) {
            case RELIEF -> new ReliefWorth(rule(), headroom(), horizon);
            case PACKING -> new PackingWorth(horizon);
            case OTHER -> PlanWorth.ANY;
        };
    }
}
