package io.github.godwit.strategy.actionplan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.strategy.cluster.Cloud;
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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code migrate}: has the source migrate a VM. The action's UUID is the migration's id there, so that it is begun once,
 * whichever instance asks and however often.
 */
final class MigrateHandler implements ActionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(MigrateHandler.class);

    /** What profiling and preparing may take on top of the migration's own limit. */
    private static final Duration GRACE = Duration.ofMinutes(2);

    private final Cloud cloud;
    private final Events events;
    private final Set<UUID> cancelAsked = ConcurrentHashMap.newKeySet();

    MigrateHandler(Cloud cloud, Events events) {
        this.cloud = cloud;
        this.events = events;
    }

    @Override
    public Result run(Action action, boolean resumed) throws InterruptedException {
        try {
            MigrateParameters parameters = MigrateParameters.read(action.parameters());
            if (resumed
                    && cloud.findMigration(parameters.sourceNode(), action.uuid())
                            .isEmpty()) {
                Optional<Result> arrived = arrived(parameters);
                if (arrived.isPresent()) {
                    return arrived.get();
                }
            }
            Duration limit = Duration.ofMillis(Math.round(1e3 * parameters.limitSeconds()));
            cloud.migrate(parameters.order(action.uuid()));
            MigrationStatus ended = cloud.follow(
                    parameters.sourceNode(), action.uuid(), limit.plus(GRACE), event -> tell(action, event));
            Result result = result(action, ended);
            events.publish(outcome(action, parameters, result, ended));
            return result;
        } catch (HostDriverException | IllegalStateException | ServiceRefusal e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LOG.debug("Migration {} failed", action.uuid(), e);
            return Result.failed(e.getMessage());
        } finally {
            cancelAsked.remove(action.uuid());
        }
    }

    /** The source knows nothing of a migration that was begun: its host driver is another by now. Where is the VM? */
    private Optional<Result> arrived(MigrateParameters parameters) throws InterruptedException {
        Optional<VmStatus> vm = cloud.read().findVm(parameters.resourceId());
        boolean there = vm.filter(
                        found -> found.host().equals(parameters.destinationNode()) && "running".equals(found.state()))
                .isPresent();
        return there
                ? Optional.of(Result.succeeded(
                        "It had arrived on %s when another instance took over; what it cost is not known."
                                .formatted(parameters.destinationNode())))
                : Optional.empty();
    }

    private static Event outcome(Action action, MigrateParameters parameters, Result result, MigrationStatus ended) {
        Map<String, Double> predicted = new HashMap<>();
        if (parameters.predicted() != null) {
            parameters.predicted().forEach((metric, at) -> predicted.put(metric.id(), at.value()));
        }
        Map<String, Double> measured = new HashMap<>();
        if (ended.outcome() != null && ended.outcome().measured() != null) {
            ended.outcome().measured().forEach((metric, value) -> measured.put(metric.id(), value));
        }
        String technique =
                ended.technique() == null ? "none" : ended.technique().toString();
        return Event.outcome(action.uuid(), technique, result.state().name(), predicted, measured);
    }

    private void tell(Action action, MigrationEvent event) {
        JsonNode data = Texts.mapper().valueToTree(event);
        events.publish(new Event(event.time(), "migration", action.uuid().toString(), data));
    }

    private Result result(Action action, MigrationStatus ended) {
        ObjectNode kept = Texts.mapper().valueToTree(ended);
        kept.remove("decision"); // the action's input has it
        return switch (ended.phase()) {
            case COMPLETED -> new Result(ActionState.SUCCEEDED, null, kept);
            case CANCELLED ->
                cancelAsked.contains(action.uuid())
                        ? new Result(
                                ActionState.CANCELLED, "The migration was cancelled; the VM is where it was.", kept)
                        : new Result(ActionState.FAILED, reason(ended, "The migration was cancelled."), kept);
            default -> new Result(ActionState.FAILED, reason(ended, "The migration failed."), kept);
        };
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
            return "It cannot be cancelled: " + e.getMessage();
        }
    }
}
