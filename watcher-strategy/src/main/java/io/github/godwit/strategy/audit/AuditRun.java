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
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins and ends runs of audits in the database. The action plan is stored in the same transaction as the new state of the audit. Nothing
 * outside of the database is changed, so that another instance can simply repeat the run of an instance that died.
 */
public final class AuditRun {

    private static final Logger LOG = LoggerFactory.getLogger(AuditRun.class);

    private final Stores stores;
    private final Catalog catalog;
    private final Supplier<Optional<String>> off;
    private final Supplier<Optional<String>> noMigrations;
    private final Clock clock;
    private final String instance;
    private final Duration lease;
    private final Instant since;

    /**
     * @param stores   access to the database
     * @param catalog  goals and their efficacy indicators
     * @param off      why no audit runs by itself, as a sentence, or nothing
     * @param noMigrations why no plan starts by itself, likewise
     * @param clock    current time
     * @param instance name of this instance
     * @param lease    an instance that has not reported itself for so long runs nothing any more
     */
    public AuditRun(
            Stores stores,
            Catalog catalog,
            Supplier<Optional<String>> off,
            Supplier<Optional<String>> noMigrations,
            Clock clock,
            String instance,
            Duration lease) {
        this.off = off;
        this.noMigrations = noMigrations;
        this.stores = stores;
        this.catalog = catalog;
        this.clock = clock;
        this.instance = instance;
        this.lease = lease;
        this.since = clock.instant();
    }

    /**
     * A run that has begun on this instance.
     *
     * @param audit the audit as it was then
     * @param slot  the slot in which it runs
     */
    public record Run(Audit audit, Instant slot) {

        AuditQuestion question() {
            return new AuditQuestion(audit.goal(), audit.strategy(), audit.parameters(), audit.scope());
        }
    }

    /**
     * What follows for an audit.
     *
     * @param run  the run that has begun, or nothing
     * @param look when the audit is due again at the latest, or nothing if it is not any more
     */
    public record Begin(Optional<Run> run, Optional<Instant> look) {

        private static final Begin NOTHING = new Begin(Optional.empty(), Optional.empty());

        private static Begin look(Instant time) {
            return new Begin(Optional.empty(), Optional.of(time));
        }
    }

    /**
     * The result of a run.
     *
     * @param plan        the action plan that was made
     * @param startedPlan the action plan, if the audit has {@code auto_trigger} and the plan has to be executed now
     * @param next        when the audit has to run again
     */
    public record Result(Optional<UUID> plan, Optional<UUID> startedPlan, Optional<Instant> next) {

        /** It did not count, because the audit was changed meanwhile. */
        static final Result DROPPED = new Result(Optional.empty(), Optional.empty(), Optional.empty());
    }

    private <T> T read(HandleCallback<T, RuntimeException> callback) {
        return stores.database().jdbi().withHandle(callback);
    }

    private <T> T change(HandleCallback<T, RuntimeException> callback) {
        return stores.database().jdbi().inTransaction(callback);
    }

    /**
     * Begins a run of an audit if it is due.
     *
     * @param here whether a run of it has begun on this instance and not ended
     */
    public Begin begin(UUID uuid, boolean here) {
        Instant now = clock.instant();
        Optional<Audit> found = read(handle -> stores.audits().find(handle, uuid.toString()));
        if (found.isEmpty()
                || (found.get().state() != AuditState.PENDING && found.get().state() != AuditState.ONGOING)) {
            return Begin.NOTHING;
        }
        Audit audit = found.get();
        if (audit.runBy() != null && (isMine(audit) ? here : alive().contains(audit.runBy()))) {
            return Begin.look(now.plus(lease));
        }
        return switch (audit.type()) {
            case ONESHOT -> begun(audit, now);
            case EVENT -> audit.state() == AuditState.PENDING ? Begin.NOTHING : begun(audit, now);
            case CONTINUOUS -> continuous(audit, now);
        };
    }

    private boolean isMine(Audit audit) {
        return instance.equals(audit.runBy());
    }

    private Set<String> alive() {
        Instant from = clock.instant().minus(lease);
        return read(handle -> stores.services().aliveSince(handle, from));
    }

    private Begin continuous(Audit audit, Instant now) {
        RunTimes.Due due;
        try {
            due = RunTimes.due(audit, now, since);
        } catch (ServiceRefusal e) { // an earlier release accepted it
            LOG.warn("Audit {} ends: {}", audit.name(), e.getMessage());
            change(handle -> stores.audits().over(handle, audit, AuditState.FAILED, e.getMessage()));
            return Begin.NOTHING;
        }
        return switch (due.kind()) {
            case RUNS -> begun(audit, due.slot());
            case OVER -> {
                change(handle ->
                        stores.audits().over(handle, audit, AuditState.SUCCEEDED, "The end time was reached."));
                yield Begin.NOTHING;
            }
            case WAITS -> waits(audit, due.slot(), null);
            case MISSED ->
                waits(
                        audit,
                        due.slot(),
                        "The run of %s was missed: the service was not there, or came more than %d minutes too late. The next one is at %s."
                                .formatted(audit.nextRunTime(), RunTimes.LATEST.toMinutes(), due.slot()));
        };
    }

    private Begin waits(Audit audit, Instant slot, String message) {
        if (message != null || audit.runBy() != null || !slot.equals(audit.nextRunTime())) {
            change(handle -> stores.audits().waits(handle, audit, slot, message));
        }
        return Begin.look(RunTimes.wake(audit, slot));
    }

    private Begin begun(Audit audit, Instant slot) {
        Instant look = clock.instant().plus(lease);
        if (!change(handle -> stores.audits().begin(handle, audit, instance))) {
            return Begin.look(look);
        }
        Run run = new Run(audit, slot);
        return whyNot(audit)
                .map(reason -> new Begin(Optional.empty(), notRun(run, reason).next()))
                .orElseGet(() -> new Begin(Optional.of(run), Optional.of(look)));
    }

    private Optional<String> whyNot(Audit audit) {
        Optional<String> switchedOff = audit.type() == AuditType.CONTINUOUS ? off.get() : Optional.empty();
        if (switchedOff.isPresent()) {
            return switchedOff.map(reason -> "Not run. " + reason);
        }
        Optional<ActionPlan> running = audit.force() ? Optional.empty() : runningPlan();
        return running.map(plan ->
                "Action plan %s is ongoing. Create the audit with force to run it anyway.".formatted(plan.uuid()));
    }

    private Optional<ActionPlan> runningPlan() {
        return read(handle ->
                stores.plans().plansIn(handle, EnumSet.of(ActionPlanState.ONGOING, ActionPlanState.CANCELLING)).stream()
                        .findFirst());
    }

    private Result notRun(Run run, String reason) {
        return switch (run.audit().type()) {
            case ONESHOT -> ended(run, AuditState.CANCELLED, reason);
            case EVENT ->
                ended(run, AuditState.PENDING, "Not run. %s It waits for its next webhook.".formatted(reason));
            case CONTINUOUS -> ended(run, AuditState.ONGOING, reason);
        };
    }

    /** Whether a run still counts: a client may have cancelled or suspended its audit, or another instance may run it. */
    boolean counts(Run run) {
        return read(handle -> stores.audits().find(handle, run.audit().uuid().toString()))
                .filter(now -> now.state() == AuditState.ONGOING && isMine(now))
                .isPresent();
    }

    /** Whether an audit is due now, whatever its task says: nobody runs it any more, or the clock was put back. */
    public boolean forgotten(Audit audit, boolean here) {
        if (audit.runBy() != null) {
            return isMine(audit) ? !here : !alive().contains(audit.runBy());
        }
        if (audit.type() != AuditType.CONTINUOUS || audit.nextRunTime() == null) {
            return false;
        }
        try {
            RunTimes.Due due = RunTimes.due(audit, clock.instant(), since);
            return due.kind() == RunTimes.Kind.WAITS && due.slot().isBefore(audit.nextRunTime());
        } catch (ServiceRefusal e) {
            return true;
        }
    }

    /**
     * Ends a run that failed. A continuous audit goes on, and one that waits for events waits for the next one, because a host that does not
     * answer now may answer later.
     */
    Result failed(Run run, RuntimeException failure) {
        String reason = reason(run, failure);
        return switch (run.audit().type()) {
            case ONESHOT -> ended(run, AuditState.FAILED, reason);
            case EVENT ->
                ended(
                        run,
                        AuditState.PENDING,
                        "The last run failed: %s It waits for its next webhook.".formatted(sentence(reason)));
            case CONTINUOUS -> ended(run, AuditState.ONGOING, "The last run failed: " + reason);
        };
    }

    private static String sentence(String text) {
        return text == null || text.endsWith(".") ? text : text + ".";
    }

    private static String reason(Run run, RuntimeException failure) {
        String name = run.audit().name();
        boolean explained = failure instanceof UnreachableClusterException
                || failure instanceof HostDriverException
                || failure instanceof ServiceRefusal
                || failure instanceof IllegalArgumentException;
        if (explained) {
            LOG.warn("Audit {} failed: {}", name, failure.getMessage());
            return failure.getMessage();
        }
        LOG.error("Audit {} failed", name, failure);
        return "Internal error in the service; see its log: " + failure;
    }

    private Result ended(Run run, AuditState to, String message) {
        return change(handle -> stores.audits().end(handle, run.audit().uuid(), instance, to, message)
                ? new Result(Optional.empty(), Optional.empty(), next(handle, run))
                : Result.DROPPED);
    }

    /** Stores the next slot, by the times that the audit has now, and returns when it is due. */
    private Optional<Instant> next(Handle handle, Run run) {
        if (run.audit().type() != AuditType.CONTINUOUS) {
            return Optional.empty();
        }
        Audit now = stores.audits().get(handle, run.audit().uuid().toString());
        Instant slot = RunTimes.after(now, run.slot(), clock.instant());
        stores.audits().runsNext(handle, now.uuid(), slot);
        return Optional.of(RunTimes.wake(now, slot));
    }

    /** Ends a run with its action plan. */
    Result stored(Run run, PlanDraft draft) {
        Audit audit = run.audit();
        Optional<String> unstarted = audit.autoTrigger() ? noMigrations.get() : Optional.empty();
        AuditState to = audit.type() == AuditType.CONTINUOUS ? AuditState.ONGOING : AuditState.SUCCEEDED;
        return change(handle -> {
            if (!stores.audits().end(handle, audit.uuid(), instance, to, draft.verdict())) {
                return Result.DROPPED;
            }
            stores.plans().cancelRecommended(handle, audit.uuid());
            Optional<Instant> next = next(handle, run);
            ActionPlan plan = insert(handle, audit, draft, unstarted);
            boolean starts = plan.state() == ActionPlanState.PENDING;
            Optional<UUID> made = Optional.of(plan.uuid());
            return new Result(made, starts ? made : Optional.empty(), next);
        });
    }

    /** Leaves the audits that run here to other instances. */
    void release() {
        stores.database().jdbi().useTransaction(handle -> stores.audits().release(handle, instance));
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
