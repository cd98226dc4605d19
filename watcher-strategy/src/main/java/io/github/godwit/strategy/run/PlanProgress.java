package io.github.godwit.strategy.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.select.Slo;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.events.Event;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.objects.MigrateParameters;
import io.github.godwit.strategy.plan.PlannedMigration;
import io.github.godwit.strategy.report.PlanReport.End;
import io.github.godwit.strategy.report.PlanReport.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** Turns the events and results of a plan's actions into calls of a {@link RunListener} and entries of the report. */
final class PlanProgress implements Consumer<Event> {

    private final Map<UUID, PlannedMigration> planned = new LinkedHashMap<>();
    private final Map<UUID, Entry> ended = new LinkedHashMap<>();
    private final List<UUID> begun = new ArrayList<>();
    private final Function<UUID, Action> stored;
    private final SloPolicy policy;
    private final RunListener listener;

    /**
     * @param actions    the actions of the plan, all pending
     * @param migrations the migration that each of them stands for, in the same order
     * @param stored     reads an action from the database
     * @param policy     the policy whose SLOs the measured values are compared with
     * @param listener   receives the progress
     */
    PlanProgress(
            List<Action> actions,
            List<PlannedMigration> migrations,
            Function<UUID, Action> stored,
            SloPolicy policy,
            RunListener listener) {
        for (int i = 0; i < actions.size(); i++) {
            planned.put(actions.get(i).uuid(), migrations.get(i));
        }
        this.stored = stored;
        this.policy = policy;
        this.listener = listener;
    }

    @Override
    public synchronized void accept(Event event) {
        UUID action = UUID.fromString(event.uuid());
        PlannedMigration migration = planned.get(action);
        if (migration == null) {
            return; // an event of the plan itself
        }
        if (Event.MIGRATION.equals(event.type())) {
            listener.event(migration, Texts.mapper().convertValue(event.data(), MigrationEvent.class));
        } else if (Event.ACTION.equals(event.type())) {
            ActionState state = ActionState.valueOf(event.data().path("state").asText());
            if (state == ActionState.ONGOING && !begun.contains(action)) {
                begun.add(action);
                listener.starting(migration, begun.size(), planned.size());
            } else if (state.isFinal() && begun.contains(action)) {
                end(action, executed(migration, stored.apply(action), ""));
            }
        }
    }

    private void end(UUID action, Entry entry) {
        ended.put(action, entry);
        listener.ended(entry);
    }

    private Entry executed(PlannedMigration migration, Action action, String unfinished) {
        Optional<MigrationStatus> status = Optional.ofNullable(action.result()).map(PlanProgress::status);
        Optional<Outcome> outcome = status.map(MigrationStatus::outcome);
        Map<Metric, Double> measured = outcome.map(Outcome::metrics).orElse(Map.of());
        List<Slo> violated = outcome.filter(known -> known.metrics() != null)
                .map(known -> known.violated(policy))
                .orElse(List.of());
        End end = status.map(MigrationStatus::phase)
                        .filter(Phase.CANCELLED::equals)
                        .isPresent()
                ? End.CANCELLED
                : action.state() == ActionState.SUCCEEDED ? End.COMPLETED : End.FAILED;
        String error = end == End.COMPLETED
                ? ""
                : Optional.ofNullable(action.statusMessage()).orElse(unfinished);
        return asRun(
                Entry.of(migration, end, error, measured, violated).withPerfProxy(outcome.map(Outcome::perfProxy)),
                migration,
                action);
    }

    /** A plan whose migrations do not end as predicted is scheduled again, which may change more than the time of a migration. */
    private static Entry asRun(Entry entry, PlannedMigration migration, Action action) {
        MigrateParameters parameters = MigrateParameters.read(action.parameters());
        return migration.reason().equals(parameters.reason())
                ? entry
                : entry.decidedAgain(
                        parameters.technique(),
                        parameters.reason(),
                        parameters.prediction(),
                        Optional.ofNullable(parameters.reservation()).map(Bandwidth::new));
    }

    private static MigrationStatus status(JsonNode result) {
        return Texts.mapper().convertValue(result, MigrationStatus.class);
    }

    /**
     * One entry for each migration, in the order of the plan; to be called once, after the plan has run.
     *
     * @param interruption why the run stopped before the plan's end, in a sentence, or empty
     */
    synchronized List<Entry> entries(String interruption) {
        for (Map.Entry<UUID, PlannedMigration> each : planned.entrySet()) {
            UUID action = each.getKey();
            if (!begun.contains(action)) {
                end(action, Entry.of(each.getValue(), End.NOT_STARTED, obstacle(interruption), Map.of(), List.of()));
            } else if (!ended.containsKey(action)) {
                end(action, executed(each.getValue(), stored.apply(action), interruption));
            }
        }
        return planned.keySet().stream().map(ended::get).toList();
    }

    private String obstacle(String interruption) {
        if (!interruption.isEmpty()) {
            return "The run was interrupted.";
        }
        String earlier = begun.stream()
                .filter(action ->
                        ended.containsKey(action) && !ended.get(action).succeeded())
                .map(planned::get)
                .map(migration -> migration.move().vm())
                .findFirst()
                .orElse("another VM");
        return "The earlier migration of %s did not succeed.".formatted(earlier);
    }
}
