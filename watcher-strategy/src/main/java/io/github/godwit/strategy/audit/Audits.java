package io.github.godwit.strategy.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.catalog.Catalog;
import io.github.godwit.strategy.catalog.Goal;
import io.github.godwit.strategy.catalog.ParameterSchema;
import io.github.godwit.strategy.catalog.StrategyType;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.TextRule;
import io.github.godwit.strategy.objects.Audit;
import io.github.godwit.strategy.objects.AuditRequest;
import io.github.godwit.strategy.objects.AuditState;
import io.github.godwit.strategy.objects.AuditTemplate;
import io.github.godwit.strategy.objects.AuditType;
import io.github.godwit.strategy.store.Stores;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Creates, changes, triggers and archives audits under Watcher's rules. */
public final class Audits {

    private static final DateTimeFormatter NAME_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    private final Stores stores;
    private final Catalog catalog;
    private final Clock clock;
    private final boolean nova;
    private final Runner runner;

    /** Schedules runs of audits. */
    @FunctionalInterface
    public interface Runner {
        /** Schedules an audit. Any instance that shares the database may run it. */
        void runAt(UUID audit, Instant time);
    }

    /**
     * @param stores  access to the database
     * @param catalog goals and strategies
     * @param clock   current time
     * @param nova    whether the service uses Nova, which some parts of a scope need
     * @param runner  schedules runs
     */
    public Audits(Stores stores, Catalog catalog, Clock clock, boolean nova, Runner runner) {
        this.stores = stores;
        this.catalog = catalog;
        this.clock = clock;
        this.nova = nova;
        this.runner = runner;
    }

    /**
     * Creates an audit and schedules its first run, depending on its type.
     *
     * @throws ServiceRefusal if the request violates a rule; no audit is created
     */
    public Audit create(AuditRequest request) {
        AuditType type = type(request.auditType());
        throwUnlessFits(type, request.interval(), request.startTime(), request.endTime());
        throwUnlessAhead(request.endTime());
        if (request.template() == null && request.goal() == null) {
            throw ServiceRefusal.invalid("A valid goal or audit_template_id must be provided");
        }
        if (request.template() != null && request.goal() != null) {
            throw ServiceRefusal.invalid("Either audit_template_uuid or goal should be provided.");
        }
        if (isNamed(request)) {
            TextRule.AUDIT_NAME.check(request.name());
        }
        Audit audit = stores.database().jdbi().inTransaction(handle -> {
            Audit created = request.template() == null
                    ? fromGoal(handle, request, type)
                    : fromTemplate(handle, request, type, template(handle, request.template()));
            stores.audits().insert(handle, created);
            return stores.audits().get(handle, created.uuid().toString());
        });
        firstLook(audit).ifPresent(time -> runner.runAt(audit.uuid(), time));
        return audit;
    }

    private Optional<Instant> firstLook(Audit audit) {
        Instant now = clock.instant();
        return switch (audit.type()) {
            case ONESHOT -> Optional.of(now);
            case EVENT -> Optional.empty();
            case CONTINUOUS ->
                Optional.of(audit.nextRunTime() == null ? now : RunTimes.wake(audit, audit.nextRunTime()));
        };
    }

    private static AuditType type(String name) {
        return Arrays.stream(AuditType.values())
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow(() -> ServiceRefusal.invalid("Audit type %s could not be found".formatted(name)));
    }

    private static void throwUnlessFits(AuditType type, String interval, Instant start, Instant end) {
        if (type == AuditType.ONESHOT && interval != null) {
            throw ServiceRefusal.invalid("Interval of audit must not be set for ONESHOT.");
        }
        if (type == AuditType.CONTINUOUS && interval == null) {
            throw ServiceRefusal.invalid("Interval of audit must be specified for CONTINUOUS.");
        }
        if (type == AuditType.ONESHOT && (start != null || end != null)) {
            throw ServiceRefusal.invalid("Start or End time of audit must not be set for ONESHOT.");
        }
        if (interval != null) {
            AuditSchedule.parse(interval);
        }
        if (start != null && end != null && !end.isAfter(start)) {
            throw ServiceRefusal.invalid("The end_time must be after the start_time.");
        }
    }

    private void throwUnlessAhead(Instant end) {
        if (end != null && !end.isAfter(clock.instant())) {
            throw ServiceRefusal.invalid(
                    "The end_time %s has passed; it is %s. Name a later time, or cancel the audit if it is to end now."
                            .formatted(end, clock.instant().truncatedTo(ChronoUnit.SECONDS)));
        }
    }

    private AuditTemplate template(Handle handle, String identity) {
        return stores.templates()
                .find(handle, identity)
                .orElseThrow(() -> ServiceRefusal.invalid("The audit template UUID or name specified is invalid"));
    }

    private Audit fromGoal(Handle handle, AuditRequest request, AuditType type) {
        Goal goal = catalog.findGoal(request.goal())
                .orElseThrow(() -> ServiceRefusal.invalid("Goal %s is invalid".formatted(request.goal())));
        String base = request.strategy() == null
                ? goal.name()
                : strategy(goal, request.strategy()).name();
        String name = isNamed(request) ? request.name() : generatedName(handle, base);
        return audit(request, type, goal, request.strategy(), name, JsonNodeFactory.instance.objectNode(), null);
    }

    /** An empty name is none, as in Watcher. */
    private static boolean isNamed(AuditRequest request) {
        return request.name() != null && !request.name().isEmpty();
    }

    /** A name that no audit has: its base, as far as there is room, and the time. */
    private String generatedName(Handle handle, String base) {
        Instant time = clock.instant();
        while (true) {
            String end = "-" + NAME_TIME.format(time);
            String name = TextRule.cut(base, TextRule.AUDIT_NAME.most() - end.length()) + end;
            if (stores.audits().find(handle, name).isEmpty()) {
                return name;
            }
            time = time.plus(1, ChronoUnit.MICROS);
        }
    }

    private Audit fromTemplate(Handle handle, AuditRequest request, AuditType type, AuditTemplate template) {
        Goal goal = catalog.goal(template.goal());
        String strategy = request.strategy() == null ? template.strategy() : request.strategy();
        String name = isNamed(request) ? request.name() : generatedName(handle, template.name());
        return audit(request, type, goal, strategy, name, template.defaultParameters(), template.scope());
    }

    private Audit audit(
            AuditRequest request,
            AuditType type,
            Goal goal,
            String strategyName,
            String name,
            JsonNode defaults,
            JsonNode scope) {
        if (strategyName == null
                && request.parameters() != null
                && !request.parameters().isEmpty()) {
            throw ServiceRefusal.invalid(
                    "Specify parameters but no predefined strategy for audit, or no parameter spec in"
                            + " predefined strategy");
        }
        StrategyType strategy = strategy(goal, strategyName);
        Instant now = clock.instant();
        JsonNode given = request.parameters();
        if (defaults.isObject() && (given == null || given.isNull() || given.isObject())) {
            ObjectNode merged = defaults.deepCopy();
            if (given != null && given.isObject()) {
                merged.setAll((ObjectNode) given);
            }
            given = merged;
        }
        Audit audit = new Audit(
                0,
                UUID.randomUUID(),
                name,
                type,
                AuditState.PENDING,
                goal.name(),
                strategy.name(),
                TextRule.PARAMETERS.check(ParameterSchema.complete(strategy, given)),
                request.interval(),
                ScopeTerms.normalised(scope, nova),
                request.autoTrigger(),
                request.force(),
                null,
                request.startTime(),
                request.endTime(),
                null,
                null,
                now,
                null);
        if (type != AuditType.CONTINUOUS) {
            return audit;
        }
        Instant first = RunTimes.first(audit, now);
        return first.isAfter(now) ? audit.waitingFor(first) : audit;
    }

    private StrategyType strategy(Goal goal, String nameOrUuid) {
        List<StrategyType> strategies = catalog.strategiesOf(goal.name());
        if (nameOrUuid == null) {
            return strategies.get(0);
        }
        StrategyType strategy = catalog.findStrategy(nameOrUuid)
                .orElseThrow(() -> ServiceRefusal.invalid("Strategy %s is invalid".formatted(nameOrUuid)));
        if (!strategies.contains(strategy)) {
            throw ServiceRefusal.invalid("Strategy %s belongs to goal %s, not to goal %s"
                    .formatted(strategy.name(), strategy.goal(), goal.name()));
        }
        return strategy;
    }

    /**
     * Stores a changed audit. A continuous audit runs next in its next slot, by its present times; another one whose state becomes ONGOING
     * runs at once.
     *
     * @param before  the audit that the client's patch was applied to
     * @param changed the result of the patch; only name, state, parameters, interval, flags and times are used
     * @throws ServiceRefusal if the change is not allowed, or if the audit has changed since it was read
     */
    public Audit update(Audit before, Audit changed) {
        if (changed.state() != before.state() && !before.state().mayBecome(changed.state())) {
            throw notAllowed(before.state(), changed.state());
        }
        if (RunTimes.timesDiffer(before, changed)) {
            throwUnlessFits(changed.type(), changed.interval(), changed.startTime(), changed.endTime());
        }
        if (!Objects.equals(changed.endTime(), before.endTime())) {
            throwUnlessAhead(changed.endTime());
        }
        TextRule.AUDIT_NAME.check(changed.name().equals(before.name()) ? null : changed.name());
        StrategyType strategy = catalog.strategy(before.strategy());
        JsonNode parameters = changed.parameters().equals(before.parameters())
                ? before.parameters()
                : TextRule.PARAMETERS.check(ParameterSchema.complete(strategy, changed.parameters()));
        Audit updated = new Audit(
                before.id(),
                before.uuid(),
                changed.name(),
                before.type(),
                changed.state(),
                before.goal(),
                before.strategy(),
                parameters,
                changed.interval(),
                before.scope(),
                changed.autoTrigger(),
                changed.force(),
                before.nextRunTime(),
                changed.startTime(),
                changed.endTime(),
                before.hostname(),
                before.statusMessage(),
                before.createdAt(),
                before.updatedAt());
        Audit after = stores.database().jdbi().inTransaction(handle -> {
            boolean taken = !updated.name().equals(before.name())
                    && stores.audits().find(handle, updated.name()).isPresent();
            if (taken) {
                throw ServiceRefusal.conflict("An audit with UUID or name %s already exists".formatted(updated.name()));
            }
            if (!stores.audits().update(handle, updated, before.state())) {
                throw ServiceRefusal.conflict("The audit has changed since it was read. Read it again and retry.");
            }
            return timed(
                    handle, before, stores.audits().get(handle, before.uuid().toString()));
        });
        look(before, after).ifPresent(time -> runner.runAt(after.uuid(), time));
        return after;
    }

    /** The next slot by the times that an audit has now. A run that goes on finds them at its end. */
    private Audit timed(Handle handle, Audit before, Audit now) {
        boolean waits = (now.state() == AuditState.PENDING || now.state() == AuditState.ONGOING) && now.runBy() == null;
        if (now.type() != AuditType.CONTINUOUS || !waits || !RunTimes.differ(before, now)) {
            return now;
        }
        Instant slot = RunTimes.changed(before, now, clock.instant());
        if (now.state() == AuditState.PENDING && !slot.isAfter(clock.instant())) {
            return now;
        }
        stores.audits().runsNext(handle, now.uuid(), slot);
        return stores.audits().get(handle, now.uuid().toString());
    }

    /** When an audit that a client has changed is due, if at all. */
    private Optional<Instant> look(Audit before, Audit after) {
        boolean active = after.state() == AuditState.PENDING || after.state() == AuditState.ONGOING;
        if (!active || !RunTimes.differ(before, after)) {
            return Optional.empty();
        }
        if (after.type() != AuditType.CONTINUOUS) {
            return after.state() == AuditState.ONGOING && before.state() != AuditState.ONGOING
                    ? Optional.of(clock.instant())
                    : Optional.empty();
        }
        Instant slot = after.nextRunTime() == null || after.runBy() != null ? clock.instant() : after.nextRunTime();
        return Optional.of(RunTimes.wake(after, slot));
    }

    /** Returns the refusal of a change of state that Watcher's state machine does not allow. */
    public static ServiceRefusal notAllowed(Object from, Object to) {
        return ServiceRefusal.invalid("State transition not allowed: (%s -> %s)".formatted(from, to));
    }

    /**
     * Archives an audit.
     *
     * @return its UUID
     * @throws ServiceRefusal if it does not exist or has not ended
     */
    public UUID delete(String identity) {
        return stores.database().jdbi().inTransaction(handle -> {
            Audit audit = stores.audits().get(handle, identity);
            if (!audit.state().mayBecome(AuditState.DELETED)) {
                throw ServiceRefusal.invalid("Couldn't delete when state is '%s'.".formatted(audit.state()));
            }
            stores.audits().delete(handle, audit.uuid());
            return audit.uuid();
        });
    }

    /**
     * Runs an audit of type EVENT now.
     *
     * @return its UUID
     * @throws ServiceRefusal if the audit has another type, is already running, or does not run yet or any more by its times
     */
    public UUID trigger(String identity) {
        Audit audit = stores.database().jdbi().inTransaction(handle -> {
            Audit found = stores.audits().get(handle, identity);
            if (found.type() != AuditType.EVENT) {
                throw ServiceRefusal.invalid("Audit type %s is disallowed.".formatted(found.type()));
            }
            throwOutside(found);
            boolean idle = found.state() == AuditState.PENDING || found.state() == AuditState.SUCCEEDED;
            if (!idle || !stores.audits().change(handle, found.uuid(), found.state(), AuditState.ONGOING, null, null)) {
                throw ServiceRefusal.invalid("Audit state %s is disallowed.".formatted(found.state()));
            }
            return found;
        });
        runner.runAt(audit.uuid(), clock.instant());
        return audit.uuid();
    }

    private void throwOutside(Audit audit) {
        Instant now = clock.instant();
        if (audit.startTime() != null && now.isBefore(audit.startTime())) {
            throw ServiceRefusal.invalid(
                    "Audit %s does not run before its start_time %s.".formatted(audit.name(), audit.startTime()));
        }
        if (audit.endTime() != null && !now.isBefore(audit.endTime())) {
            throw ServiceRefusal.invalid(
                    "Audit %s does not run any more since its end_time %s.".formatted(audit.name(), audit.endTime()));
        }
    }
}
