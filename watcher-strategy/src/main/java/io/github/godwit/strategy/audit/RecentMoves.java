package io.github.godwit.strategy.audit;

import io.github.godwit.strategy.cluster.Cloud.ServerMove;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.settle.MoveHistory;
import io.github.godwit.strategy.settle.PastMove;
import io.github.godwit.strategy.settle.PastMove.End;
import io.github.godwit.strategy.settle.PastMove.Purpose;
import io.github.godwit.strategy.store.EndedMigration;
import io.github.godwit.strategy.store.Stores;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The latest moves: of all plans, from the actions in the database, and of Nova's servers, whoever ordered them. Without Nova those of
 * deleted plans are forgotten. A move of a plan that is in Nova's records too counts as one: it has the same server and hosts, and what
 * rests after it rests since its later end.
 */
public final class RecentMoves {

    /** Audits plan far fewer moves in the time that matters. */
    private static final int MOST = 4000;

    private final Stores stores;
    private final Function<Instant, List<ServerMove>> nova;
    private final Clock clock;

    /**
     * @param stores access to the database
     * @param nova   returns the moves of Nova's servers that run now or have ended since a time
     * @param clock  current time
     */
    public RecentMoves(Stores stores, Function<Instant, List<ServerMove>> nova, Clock clock) {
        this.stores = stores;
        this.nova = nova;
        this.clock = clock;
    }

    /**
     * Reads the moves that run now, that plans which were started will make, and that ended lately.
     *
     * @param horizon how far back
     * @throws io.github.godwit.strategy.common.ServiceRefusal if Nova does not answer
     */
    public MoveHistory since(Duration horizon) {
        Instant now = clock.instant();
        List<PastMove> moves = new ArrayList<>(ofPlans(now, now.minus(horizon)));
        nova.apply(now.minus(horizon)).forEach(move -> moves.add(move(move, now)));
        return new MoveHistory(moves);
    }

    /** Who ordered it, and what for, is not in Nova's records. */
    private static PastMove move(ServerMove move, Instant now) {
        return new PastMove(
                move.server(),
                move.source(),
                move.destination(),
                Purpose.OTHER,
                move.runs() ? End.RUNS : End.MOVED,
                move.runs() ? now : move.at(),
                null);
    }

    private List<PastMove> ofPlans(Instant now, Instant earliest) {
        return stores.database().jdbi().withHandle(handle -> {
            List<Action> running = new ArrayList<>(stores.executions().runningMigrations(handle));
            stores.plans().plansIn(handle, EnumSet.of(ActionPlanState.PENDING, ActionPlanState.ONGOING)).stream()
                    .flatMap(plan -> stores.plans().actionsOf(handle, plan.uuid()).stream())
                    .filter(action -> "migrate".equals(action.type()) && action.state() == ActionState.PENDING)
                    .forEach(running::add);
            List<EndedMigration> ended = stores.executions().endedMigrations(handle, earliest, MOST);
            Set<UUID> plans = Stream.concat(
                            running.stream().map(Action::planUuid),
                            ended.stream().map(EndedMigration::planUuid))
                    .collect(Collectors.toSet());
            Map<UUID, String> strategies = stores.plans().strategies(handle, plans);
            return Stream.concat(
                            running.stream()
                                    .map(action -> move(action, strategies.getOrDefault(action.planUuid(), ""), now)),
                            ended.stream().map(each -> move(each, strategies.getOrDefault(each.planUuid(), ""))))
                    .toList();
        });
    }

    private static PastMove move(Action running, String strategy, Instant now) {
        return new PastMove(
                running.parameters().path("resource_id").asText(),
                running.parameters().path("source_node").asText(),
                running.parameters().path("destination_node").asText(),
                purpose(running.rollsBack(), strategy),
                End.RUNS,
                now,
                running.statusMessage());
    }

    private static PastMove move(EndedMigration ended, String strategy) {
        return new PastMove(
                ended.vm(),
                ended.from(),
                ended.to(),
                purpose(ended.rollback(), strategy),
                ended.state() == ActionState.SUCCEEDED ? End.MOVED : End.FAILED,
                ended.endedAt(),
                ended.statusMessage());
    }

    private static Purpose purpose(boolean rollback, String strategy) {
        return rollback ? Purpose.OTHER : Purpose.of(strategy);
    }
}
