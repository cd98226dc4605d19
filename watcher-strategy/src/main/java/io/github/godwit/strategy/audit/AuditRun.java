package io.github.godwit.strategy.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.strategy.catalog.Catalog;
import io.github.godwit.strategy.catalog.Goal;
import io.github.godwit.strategy.catalog.Indicator;
import io.github.godwit.strategy.cluster.UnreachableClusterException;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.Audit;
import io.github.godwit.strategy.objects.AuditState;
import io.github.godwit.strategy.objects.AuditType;
import io.github.godwit.strategy.objects.PlanDraft;
import io.github.godwit.strategy.store.Stores;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out an audit: decides, and stores what was decided as an action plan in one transaction with the audit's new state.
 * Nothing outside is changed, so that an audit whose instance died is simply run again.
 */
public final class AuditRun {

    private static final Logger LOG = LoggerFactory.getLogger(AuditRun.class);

    private final Stores stores;
    private final Catalog catalog;
    private final AuditEngine engine;
    private final Clock clock;
    private final String hostname;

    /**
     * @param stores   what is stored
     * @param catalog  what there is
     * @param engine   decides
     * @param clock    tells the time
     * @param hostname this instance
     */
    public AuditRun(Stores stores, Catalog catalog, AuditEngine engine, Clock clock, String hostname) {
        this.stores = stores;
        this.catalog = catalog;
        this.engine = engine;
        this.clock = clock;
        this.hostname = hostname;
    }

    /**
     * What came of it.
     *
     * @param startedPlan a plan that its audit wants carried out at once
     * @param next        when the audit is to run again
     */
    public record Result(Optional<UUID> startedPlan, Optional<Instant> next) {

        private static final Result NOTHING = new Result(Optional.empty(), Optional.empty());
    }

    /** Runs an audit if it is to run now. */
    public Result run(UUID uuid) {
        Instant now = clock.instant();
        Audit audit = stores.database()
                .jdbi()
                .inTransaction(
                        handle -> stores.audits().find(handle, uuid.toString()).orElse(null));
        if (audit == null || (audit.state() != AuditState.PENDING && audit.state() != AuditState.ONGOING)) {
            return Result.NOTHING;
        }
        if (audit.endTime() != null && !now.isBefore(audit.endTime())) {
            change(audit, audit.state(), AuditState.ONGOING, null);
            change(audit, AuditState.ONGOING, AuditState.SUCCEEDED, "Its end time has come.");
            return Result.NOTHING;
        }
        if (audit.startTime() != null && now.isBefore(audit.startTime())) {
            return new Result(Optional.empty(), Optional.of(audit.startTime()));
        }
        if (!change(audit, audit.state(), AuditState.ONGOING, audit.statusMessage())) {
            return Result.NOTHING;
        }
        Optional<ActionPlan> other = audit.force() ? Optional.empty() : runningPlan();
        if (other.isPresent()) {
            String why = "Action plan %s is ongoing; create the audit with force to have it run all the same."
                    .formatted(other.get().uuid());
            return audit.type() == AuditType.CONTINUOUS
                    ? again(audit, now, why)
                    : ended(audit, AuditState.CANCELLED, why);
        }
        try {
            PlanDraft draft = interruptible(audit);
            return stored(audit, now, draft);
        } catch (InterruptedException e) {
            LOG.info("Audit {} was called off.", audit.name());
            return Result.NOTHING;
        } catch (UnreachableClusterException | HostDriverException | ServiceRefusal | IllegalArgumentException e) {
            LOG.warn("Audit {} failed: {}", audit.name(), e.getMessage());
            return failed(audit, now, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("Audit {} failed", audit.name(), e);
            return failed(audit, now, "An error inside the service; its log tells more: " + e);
        }
    }

    @SuppressWarnings("try") // it watches as long as the block lasts
    private PlanDraft interruptible(Audit audit) throws InterruptedException {
        try (InterruptWhen cancelled = InterruptWhen.becomes(() -> state(audit.uuid()) != AuditState.ONGOING)) {
            return engine.decide(new AuditQuestion(audit.goal(), audit.strategy(), audit.parameters(), audit.scope()));
        }
    }

    private AuditState state(UUID uuid) {
        return stores.database()
                .jdbi()
                .withHandle(handle -> stores.audits()
                        .find(handle, uuid.toString())
                        .map(Audit::state)
                        .orElse(AuditState.DELETED));
    }

    private Optional<ActionPlan> runningPlan() {
        return stores.database()
                .jdbi()
                .withHandle(handle ->
                        stores
                                .plans()
                                .plansIn(handle, EnumSet.of(ActionPlanState.ONGOING, ActionPlanState.CANCELLING))
                                .stream()
                                .findFirst());
    }

    private boolean change(Audit audit, AuditState from, AuditState to, String message) {
        return stores.database()
                .jdbi()
                .inTransaction(handle -> stores.audits().change(handle, audit.uuid(), from, to, hostname, message));
    }

    private Result failed(Audit audit, Instant began, String why) {
        return audit.type() == AuditType.CONTINUOUS
                ? again(audit, began, "Its last run failed: " + why)
                : ended(audit, AuditState.FAILED, why);
    }

    private Result ended(Audit audit, AuditState state, String why) {
        change(audit, AuditState.ONGOING, state, why);
        return Result.NOTHING;
    }

    /** A continuous audit stays ongoing whatever came of one run: what stops a host from answering today may be gone tomorrow. */
    private Result again(Audit audit, Instant began, String message) {
        Optional<Instant> next = AuditSchedule.parse(audit.interval()).after(began);
        stores.database().jdbi().useTransaction(handle -> {
            stores.audits().change(handle, audit.uuid(), AuditState.ONGOING, AuditState.ONGOING, hostname, message);
            stores.audits().runsNext(handle, audit.uuid(), next.orElse(null));
        });
        return new Result(Optional.empty(), next);
    }

    private Result stored(Audit audit, Instant began, PlanDraft draft) {
        boolean continuous = audit.type() == AuditType.CONTINUOUS;
        Optional<Instant> next =
                continuous ? AuditSchedule.parse(audit.interval()).after(began) : Optional.empty();
        return stores.database().jdbi().inTransaction(handle -> {
            AuditState state = continuous ? AuditState.ONGOING : AuditState.SUCCEEDED;
            if (!stores.audits().change(handle, audit.uuid(), AuditState.ONGOING, state, hostname, draft.verdict())) {
                return Result.NOTHING;
            }
            stores.plans().cancelRecommended(handle, audit.uuid());
            stores.audits().runsNext(handle, audit.uuid(), next.orElse(null));
            ActionPlan plan = insert(handle, audit, draft);
            boolean starts = plan.state() == ActionPlanState.PENDING;
            return new Result(starts ? Optional.of(plan.uuid()) : Optional.empty(), next);
        });
    }

    private ActionPlan insert(Handle handle, Audit audit, PlanDraft draft) {
        Instant now = clock.instant();
        UUID uuid = UUID.randomUUID();
        ActionPlanState state = draft.steps().isEmpty()
                ? ActionPlanState.SUCCEEDED
                : audit.autoTrigger() ? ActionPlanState.PENDING : ActionPlanState.RECOMMENDED;
        Goal goal = catalog.goal(audit.goal());
        ActionPlan plan = new ActionPlan(
                0,
                uuid,
                audit.uuid(),
                audit.strategy(),
                state,
                figures(goal.indicators(), draft.figures()),
                figures(goal.globalFigures(), draft.figures()),
                draft.onFailure(),
                draft.parallel(),
                null,
                draft.verdict(),
                now,
                null);
        stores.plans().insert(handle, plan, draft.actions(uuid, now));
        return plan;
    }

    private static ArrayNode figures(List<Indicator> indicators, Map<String, Double> values) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Indicator indicator : indicators) {
            if (values.containsKey(indicator.name())) {
                array.addObject()
                        .put("name", indicator.name())
                        .put("description", indicator.description())
                        .put("unit", indicator.unit())
                        .put("value", values.get(indicator.name()));
            }
        }
        return array;
    }
}
