package io.github.godwit.strategy.actionplan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.MoveObstacle;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.events.Event;
import io.github.godwit.strategy.events.Events;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.objects.MigrateParameters;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code migrate}: orders a migration from the source's host driver and follows it to its end. The action's UUID is the id of
 * the migration there, so that it begins once, however often and by whichever instance it is ordered.
 */
final class MigrateHandler implements ActionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(MigrateHandler.class);

    /** Time for profiling and preparation, in addition to the migration's own limit. */
    private static final Duration GRACE = Duration.ofMinutes(2);

    /** How long a migration without a time limit is followed. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private static final double GIB = 1L << 30;

    private final Cloud cloud;
    private final Events events;
    private final Set<UUID> cancelAsked = ConcurrentHashMap.newKeySet();

    /**
     * @param cloud  migrates
     * @param events receives the progress
     */
    MigrateHandler(Cloud cloud, Events events) {
        this.cloud = cloud;
        this.events = events;
    }

    @Override
    public Result run(Action action, boolean resumed, Journal journal) throws InterruptedException {
        try {
            MigrateParameters parameters = MigrateParameters.read(action.parameters());
            Optional<Result> needless = resumed ? resumed(action, parameters) : turned(obstacle(parameters));
            if (needless.isPresent()) {
                return needless.get();
            }
            Duration atMost = parameters.limit().map(limit -> limit.plus(GRACE)).orElse(LONGEST);
            cloud.migrate(parameters.order(action.uuid()));
            if (cancelAsked.contains(action.uuid())) {
                cloud.cancel(parameters.sourceNode(), action.uuid()); // cancel() came before the order
            }
            Delay delay = new Delay(journal);
            Transfer transfer = new Transfer(journal);
            MigrationStatus ended = cloud.follow(parameters.sourceNode(), action.uuid(), atMost, event -> {
                publish(action, event);
                delay.take(event);
                transfer.take(event);
            });
            Result result = withDisks(parameters, settled(action, result(action, ended)));
            events.publish(outcome(action, parameters, result, ended));
            return result;
        } catch (HostDriverException | IllegalStateException | ServiceRefusal e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LOG.debug("Migration {} failed", action.uuid(), e);
            if (e instanceof HostDriverException failure && !failure.refused()) {
                withdraw(action);
            }
            return settled(action, Result.failed(e.getMessage()));
        } finally {
            cancelAsked.remove(action.uuid());
        }
    }

    /**
     * Keeps in the status message why a running migration takes longer, until its phase changes. One that was delayed before its transfer,
     * as in Nova's queue, really begins with the phase after that.
     */
    private static final class Delay {
        private final Journal journal;
        private String noted;
        private MigrationStatus.Phase since;

        Delay(Journal journal) {
            this.journal = journal;
        }

        void take(MigrationEvent event) {
            String reason = event.status() == null ? null : event.status().error();
            if (event.phase().isFinal() || (reason == null && (noted == null || event.phase() == since))) {
                return;
            }
            if (noted != null && since == MigrationStatus.Phase.PREPARING && event.phase() != since) {
                journal.beginsOnlyNow();
            }
            if (!Objects.equals(reason, noted)) {
                journal.note(reason, null);
            }
            noted = reason;
            since = event.phase();
        }
    }

    /** Notes once when QEMU begins to send the VM. */
    private static final class Transfer {
        private final Journal journal;
        private boolean begun;

        Transfer(Journal journal) {
            this.journal = journal;
        }

        void take(MigrationEvent event) {
            boolean sends =
                    event.phase() == MigrationStatus.Phase.MIGRATING || event.phase() == MigrationStatus.Phase.POSTCOPY;
            if (sends && !begun) {
                begun = true;
                journal.transfers();
            }
        }
    }

    @Override
    public Optional<MoveObstacle> obstacle(Action action) {
        return obstacle(MigrateParameters.read(action.parameters()));
    }

    private Optional<MoveObstacle> obstacle(MigrateParameters parameters) {
        return cloud.obstacle(parameters.resourceId(), parameters.sourceNode(), parameters.destinationNode());
    }

    /** Somebody may have begun to change the VM or to migrate from its host since the turn of this migration had come. */
    private static Optional<Result> turned(Optional<MoveObstacle> obstacle) {
        return obstacle.map(now -> now.passes() ? Result.beginsAgain() : Result.skipped(now.reason()));
    }

    /** Corrects the result of a migration that failed by where the VM is. A VM that is gone, or was moved by hand, is no failure. */
    private Result settled(Action action, Result result) {
        if (result.state() != ActionState.FAILED) {
            return result;
        }
        Optional<MoveObstacle> after;
        try {
            after = obstacle(MigrateParameters.read(action.parameters()));
        } catch (HostDriverException | IllegalStateException | ServiceRefusal e) {
            return result; // the failure stays the answer
        }
        return after.map(now -> switch (now.kind()) {
                    case GONE, ELSEWHERE ->
                        new Result(
                                ActionState.SKIPPED,
                                "%s %s".formatted(now.reason(), result.message()),
                                result.result());
                    case ARRIVED ->
                        new Result(
                                ActionState.SUCCEEDED,
                                "%s Its cost was not measured: %s".formatted(now.reason(), result.message()),
                                result.result());
                    default -> result;
                })
                .orElse(result);
    }

    /** A host driver that does not answer, or not in time, may still migrate the VM, and nothing would follow that. */
    private void withdraw(Action action) {
        String obstacle = cancel(action);
        if (obstacle != null) {
            LOG.debug("Migration {}: {}", action.uuid(), obstacle);
        }
    }

    /**
     * The migration had begun on another instance, or before this one was started again. If the source's host driver does not know it, it
     * has succeeded if the VM runs on the destination, unless Nova is still moving it; then it is followed like one that is known. Else
     * it was never ordered, or has left no trace, and begins again.
     */
    private Optional<Result> resumed(Action action, MigrateParameters parameters) throws InterruptedException {
        if (cloud.findMigration(parameters.sourceNode(), action.uuid()).isPresent()) {
            return Optional.empty();
        }
        Optional<MoveObstacle.Kind> obstacle = obstacle(parameters).map(MoveObstacle::kind);
        if (obstacle.filter(MoveObstacle.Kind.CHANGING::equals).isPresent()) {
            return Optional.empty();
        }
        return arrived(parameters).or(() -> Optional.of(Result.beginsAgain()));
    }

    private Optional<Result> arrived(MigrateParameters parameters) throws InterruptedException {
        Optional<VmStatus> vm = cloud.read().findVm(parameters.resourceId());
        boolean there = vm.filter(
                        found -> found.host().equals(parameters.destinationNode()) && "running".equals(found.state()))
                .isPresent();
        return there
                ? Optional.of(Result.succeeded(
                        "The VM had arrived on %s when another instance took over; its cost was not measured."
                                .formatted(parameters.destinationNode())))
                : Optional.empty();
    }

    private static Event outcome(Action action, MigrateParameters parameters, Result result, MigrationStatus ended) {
        Map<String, Double> predicted = new HashMap<>();
        if (parameters.predicted() != null && parameters.localDisk() == null) { // time for disks is not predicted
            parameters.predicted().forEach((metric, at) -> predicted.put(metric.id(), at.value()));
        }
        Map<String, Double> measured = new HashMap<>();
        if (ended.outcome() != null && ended.outcome().measured() != null) {
            ended.outcome().metrics().forEach((metric, value) -> measured.put(metric.id(), value));
        }
        String technique =
                ended.technique() == null ? "none" : ended.technique().toString();
        return Event.outcome(action.uuid(), technique, result.state().name(), predicted, measured);
    }

    private void publish(Action action, MigrationEvent event) {
        JsonNode data = Texts.mapper().valueToTree(event);
        events.publish(new Event(event.time(), Event.MIGRATION, action.uuid().toString(), data));
    }

    private Result result(Action action, MigrationStatus ended) {
        ObjectNode details = Texts.mapper().valueToTree(ended);
        details.remove("decision"); // the action's input has it
        if (details.get("outcome") instanceof ObjectNode outcome
                && ended.outcome().measured() != null) {
            outcome.set("measured", Texts.mapper().valueToTree(ended.outcome().metrics()));
        }
        return switch (ended.phase()) {
            case COMPLETED -> {
                details.remove("error"); // it has not failed; what is missing is in the message
                yield new Result(ActionState.SUCCEEDED, ended.error(), details);
            }
            case CANCELLED ->
                cancelAsked.contains(action.uuid())
                        ? new Result(
                                ActionState.CANCELLED,
                                "The migration was cancelled; the VM is still on the source.",
                                details)
                        : new Result(
                                ActionState.FAILED,
                                reason(ended, "The host driver cancelled the migration and gave no reason."),
                                details);
            default ->
                new Result(
                        ActionState.FAILED,
                        reason(ended, "The migration failed; the host driver gave no reason."),
                        details);
        };
    }

    private static Result withDisks(MigrateParameters parameters, Result result) {
        if (parameters.localDisk() == null || result.state() != ActionState.SUCCEEDED) {
            return result;
        }
        String note = "The measured time includes local disks of up to %.1f GiB, if Nova had to copy them."
                .formatted(parameters.localDisk() / GIB);
        return new Result(
                result.state(), result.message() == null ? note : result.message() + " " + note, result.result());
    }

    private static String reason(MigrationStatus ended, String otherwise) {
        return ended.error() == null ? otherwise : ended.error();
    }

    @Override
    public String cancel(Action action) {
        cancelAsked.add(action.uuid());
        try {
            MigrateParameters parameters = MigrateParameters.read(action.parameters());
            cloud.cancel(parameters.sourceNode(), action.uuid());
            return null;
        } catch (HostDriverException | IllegalStateException | ServiceRefusal e) {
            return "The migration cannot be cancelled: " + e.getMessage();
        }
    }
}
