package io.github.godwit.strategy.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.strategy.catalog.Catalog;
import io.github.godwit.strategy.catalog.Goal;
import io.github.godwit.strategy.catalog.Indicator;
import io.github.godwit.strategy.cluster.UnreachableClusterException;
import io.github.godwit.strategy.common.InterruptWhen;
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
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes an audit: computes a solution, and stores it as an action plan in the same transaction as the new state of the audit.
 * Nothing outside the database is changed, so that another instance can simply repeat the audit of an instance that died.
 */
public final class AuditRun {

    private static final Logger LOG = LoggerFactory.getLogger(AuditRun.class);

    private final Stores stores;
    private final Catalog catalog;
    private final AuditEngine engine;
    private final Supplier<Optional<String>> off;
    private final Clock clock;
    private final String hostname;

    /**
     * @param stores   access to the database
     * @param catalog  goals and their efficacy indicators
     * @param engine   computes action plans
     * @param off      why no audit runs by itself and no plan starts by itself, as a sentence, or nothing
     * @param clock    current time
     * @param hostname name of this instance
     */
    public AuditRun(
            Stores stores,
            Catalog catalog,
            AuditEngine engine,
            Supplier<Optional<String>> off,
            Clock clock,
            String hostname) {
        this.off = off;
        this.stores = stores;
        this.catalog = catalog;
        this.engine = engine;
        this.clock = clock;
        this.hostname = hostname;
    }

    /**
     * The result of a run.
     *
     * @param startedPlan the action plan, if the audit has {@code auto_trigger} and the plan has to be executed now
     * @param next        when the audit has to run again
     */
    public record Result(Optional<UUID> startedPlan, Optional<Instant> next) {

        private static final Result NOTHING = new Result(Optional.empty(), Optional.empty());
    }

    /** Runs an audit if it is due. Errors are stored as the status message of the audit. */
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
            change(audit, AuditState.ONGOING, AuditState.SUCCEEDED, "The end time was reached.");
            return Result.NOTHING;
        }
        if (audit.startTime() != null && now.isBefore(audit.startTime())) {
            return new Result(Optional.empty(), Optional.of(audit.startTime()));
        }
        if (!change(audit, audit.state(), AuditState.ONGOING, audit.statusMessage())) {
            return Result.NOTHING;
        }
        Optional<String> switchedOff = audit.type() == AuditType.CONTINUOUS ? off.get() : Optional.empty();
        if (switchedOff.isPresent()) {
            return again(audit, now, "Not run. " + switchedOff.get());
        }
        Optional<ActionPlan> running = audit.force() ? Optional.empty() : runningPlan();
        if (running.isPresent()) {
            String reason = "Action plan %s is ongoing. Create the audit with force to run it anyway."
                    .formatted(running.get().uuid());
            return audit.type() == AuditType.CONTINUOUS
                    ? again(audit, now, reason)
                    : ended(audit, AuditState.CANCELLED, reason);
        }
        try {
            PlanDraft draft = decide(audit);
            return stored(audit, now, draft);
        } catch (InterruptedException e) {
            LOG.info("Audit {} was cancelled.", audit.name());
            return Result.NOTHING;
        } catch (UnreachableClusterException | HostDriverException | ServiceRefusal | IllegalArgumentException e) {
            LOG.warn("Audit {} failed: {}", audit.name(), e.getMessage());
            return failed(audit, now, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("Audit {} failed", audit.name(), e);
            return failed(audit, now, "Internal error in the service; see its log: " + e);
        }
    }

    @SuppressWarnings("try") // it polls until the end of the block
    private PlanDraft decide(Audit audit) throws InterruptedException {
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

    private Result failed(Audit audit, Instant start, String reason) {
        return audit.type() == AuditType.CONTINUOUS
                ? again(audit, start, "The last run failed: " + reason)
                : ended(audit, AuditState.FAILED, reason);
    }

    private Result ended(Audit audit, AuditState state, String reason) {
        change(audit, AuditState.ONGOING, state, reason);
        return Result.NOTHING;
    }

    /** A continuous audit stays ONGOING even if a run fails, because a host that does not answer now may answer later. */
    private Result again(Audit audit, Instant start, String message) {
        Optional<Instant> next = AuditSchedule.parse(audit.interval()).after(start);
        stores.database().jdbi().useTransaction(handle -> {
            stores.audits().change(handle, audit.uuid(), AuditState.ONGOING, AuditState.ONGOING, hostname, message);
            stores.audits().runsNext(handle, audit.uuid(), next.orElse(null));
        });
        return new Result(Optional.empty(), next);
    }

    private Result stored(Audit audit, Instant start, PlanDraft draft) {
        boolean continuous = audit.type() == AuditType.CONTINUOUS;
        Optional<String> unstarted = audit.autoTrigger() ? off.get() : Optional.empty();
        Optional<Instant> next =
                continuous ? AuditSchedule.parse(audit.interval()).after(start) : Optional.empty();
        return stores.database().jdbi().inTransaction(handle -> {
            AuditState state = continuous ? AuditState.ONGOING : AuditState.SUCCEEDED;
            if (!stores.audits().change(handle, audit.uuid(), AuditState.ONGOING, state, hostname, draft.verdict())) {
                return Result.NOTHING;
            }
            stores.plans().cancelRecommended(handle, audit.uuid());
            stores.audits().runsNext(handle, audit.uuid(), next.orElse(null));
            ActionPlan plan = insert(handle, audit, draft, unstarted);
            boolean starts = plan.state() == ActionPlanState.PENDING;
            return new Result(starts ? Optional.of(plan.uuid()) : Optional.empty(), next);
        });
    }

    private ActionPlan insert(Handle handle, Audit audit, PlanDraft draft, Optional<String> unstarted) {
        Instant now = clock.instant();
        UUID uuid = UUID.randomUUID();
        ActionPlanState state = draft.steps().isEmpty()
                ? (draft.solved() ? ActionPlanState.SUCCEEDED : ActionPlanState.FAILED)
                : audit.autoTrigger() && unstarted.isEmpty() ? ActionPlanState.PENDING : ActionPlanState.RECOMMENDED;
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
                unstarted
                        .map(reason -> "%s Not started. %s".formatted(draft.verdict(), reason))
                        .orElse(draft.verdict()),
                now,
                null);
        stores.plans().insert(handle, plan.withSchedule(draft.schedule()), draft.actions(uuid, now));
        if (draft.facts() != null) {
            stores.plans().keep(handle, uuid, draft.facts());
        }
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
