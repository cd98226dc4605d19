package io.github.godwit.lab.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus.Progress;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.hostapi.client.ServerSentEvents;
import io.github.godwit.lab.LabException;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.MigrateParameters;
import io.github.godwit.strategy.report.PlanReport;
import io.github.godwit.strategy.report.PlanReport.End;
import io.github.godwit.strategy.report.PlanReport.Entry;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Runs one audit through the service's REST API: creates it, prints its action plan, starts the plan and follows it. */
public final class ServiceAudit {

    private static final Duration AUDIT = Duration.ofMinutes(3);
    private static final Duration PLAN = Duration.ofMinutes(15);

    private final ServiceClient client;
    private final SloPolicy policy;
    private final GuestVerifier verifier;
    private final Consumer<String> progress;
    private final Map<String, String> vms = new HashMap<>();
    private final Map<String, String> phases = new HashMap<>();
    private Promise promise;

    /**
     * What the service predicted of an action plan.
     *
     * @param seconds   duration of the plan
     * @param startedAt when the plan was started, of {@link System#nanoTime}
     */
    public record Promise(Interval seconds, long startedAt) {}

    /**
     * @param service  base URL of the service
     * @param policy   the policy under which techniques are chosen; the service must have it under the same name
     * @param verifier has the guests check their memory afterwards
     * @param progress receives progress messages for people
     */
    public ServiceAudit(URI service, SloPolicy policy, GuestVerifier verifier, Consumer<String> progress) {
        this.client = new ServiceClient(service);
        this.policy = policy;
        this.verifier = verifier;
        this.progress = progress;
    }

    /**
     * Runs a hotspot audit and its action plan.
     *
     * @param samples        number of samples of the load
     * @param sampleInterval time between two samples
     * @param maxMoves       largest number of VMs to migrate
     * @throws LabException when the audit fails or the service does not answer
     */
    public PlanReport run(int samples, Duration sampleInterval, int maxMoves) throws InterruptedException {
        progress.accept("Sampling the load of the hosts %d times".formatted(samples));
        return run(
                "workload_balancing",
                "hotspot_mitigation",
                Map.of(
                        "policy",
                        policy.name(),
                        "samples",
                        samples,
                        "hot_samples",
                        samples / 2 + 1,
                        "sample_interval",
                        sampleInterval.toMillis() / 1e3,
                        "max_moves",
                        maxMoves));
    }

    /**
     * Runs an audit and its action plan.
     *
     * @param goal       the goal of the audit
     * @param strategy   a strategy of that goal
     * @param parameters the parameters of the strategy
     * @throws LabException when the audit fails or the service does not answer
     */
    public PlanReport run(String goal, String strategy, Map<String, Object> parameters) throws InterruptedException {
        Audited audited = audited(goal, strategy, parameters);
        return execute(audited.plan(), audited.verdict());
    }

    /**
     * Runs an audit whose action plan is not started.
     *
     * @param goal       the goal of the audit
     * @param strategy   a strategy of that goal
     * @param parameters the parameters of the strategy
     * @throws LabException when the audit fails or the service does not answer
     */
    public void plan(String goal, String strategy, Map<String, Object> parameters) throws InterruptedException {
        audited(goal, strategy, parameters);
    }

    private record Audited(String plan, String verdict) {}

    private Audited audited(String goal, String strategy, Map<String, Object> parameters) throws InterruptedException {
        JsonNode audit = client.post(
                "/v1/audits",
                Map.of("goal", goal, "strategy", strategy, "audit_type", "ONESHOT", "parameters", parameters));
        progress.accept("Audit %s".formatted(audit.path("name").asText()));
        String audited = "/v1/audits/" + audit.path("uuid").asText();
        JsonNode ended = client.await(audited, Set.of("SUCCEEDED", "FAILED", "CANCELLED"), AUDIT);
        String verdict = ended.path("status_message").asText();
        progress.accept(verdict);
        if (!"SUCCEEDED".equals(ended.path("state").asText())) {
            throw new LabException(
                    "The audit is %s: %s".formatted(ended.path("state").asText(), verdict));
        }
        String plan = client.get(
                        "/v1/action_plans?audit_uuid=" + audit.path("uuid").asText())
                .path("action_plans")
                .path(0)
                .path("uuid")
                .asText();
        return new Audited(plan, verdict);
    }

    private PlanReport execute(String plan, String verdict) throws InterruptedException {
        String outcomes = "/godwit/v1/outcomes?action_plan_uuid=" + plan;
        JsonNode planned = client.get(outcomes).path("outcomes");
        for (JsonNode action : planned) {
            MigrateParameters parameters = MigrateParameters.read(action.path("planned"));
            vms.put(action.path("action_uuid").asText(), parameters.resourceName());
            progress.accept("planned: %s from %s to %s by %s"
                    .formatted(
                            parameters.resourceName(),
                            parameters.sourceNode(),
                            parameters.destinationNode(),
                            parameters.technique()));
        }
        if (!planned.isEmpty()) {
            Optional<Interval> end = end(client.get("/godwit/v1/action_plans/%s/schedule".formatted(plan)));
            progress.accept("Starting action plan %s%s"
                    .formatted(
                            plan,
                            end.map(each -> ", which takes %.0f to %.0f s".formatted(each.low(), each.high()))
                                    .orElse("")));
            promise = end.map(each -> new Promise(each, System.nanoTime())).orElse(null);
            try (ServerSentEvents events = client.events()) {
                client.post("/v1/action_plans/%s/start".formatted(plan), Map.of());
                client.await(
                        "/v1/action_plans/" + plan,
                        Set.of("SUCCEEDED", "FAILED", "CANCELLED"),
                        PLAN,
                        events,
                        this::reportPhase);
            }
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonNode outcome : client.get(outcomes).path("outcomes")) {
            entries.add(entry(outcome));
        }
        return new PlanReport(policy, false, verdict, entries, List.of(), List.of());
    }

    /** What the service predicted of the plan that {@code run} started; empty if it started none, or one without a schedule. */
    public Optional<Promise> promise() {
        return Optional.ofNullable(promise);
    }

    /** The predicted end in the schedule of an action plan. */
    static Optional<Interval> end(JsonNode schedule) {
        JsonNode end = schedule.path("end");
        return end.hasNonNull("value")
                ? Optional.of(new Interval(
                        end.path("low").asDouble(),
                        end.path("value").asDouble(),
                        end.path("high").asDouble()))
                : Optional.empty();
    }

    /** Reports the progress of a migration when its phase changes. */
    private void reportPhase(JsonNode event) {
        String vm = vms.get(event.path("uuid").asText());
        if (vm == null || !"migration".equals(event.path("type").asText())) {
            return;
        }
        MigrationEvent migration = Texts.mapper().convertValue(event.path("data"), MigrationEvent.class);
        String phase = migration.phase().name();
        if (phase.equals(phases.put(vm, phase))) {
            return;
        }
        Progress figures =
                migration.status() == null ? null : migration.status().progress();
        progress.accept("  %s: %s%s"
                .formatted(
                        vm,
                        phase,
                        figures == null
                                ? ""
                                : ", %.1f s, %.0f MB sent, %.0f MB left"
                                        .formatted(
                                                figures.elapsedMillis() / 1e3,
                                                figures.transferredBytes() / 1e6,
                                                figures.remainingBytes() / 1e6)));
    }

    private Entry entry(JsonNode outcome) throws InterruptedException {
        MigrateParameters planned = MigrateParameters.read(outcome.path("planned"));
        End end = switch (outcome.path("state").asText()) {
            case "SUCCEEDED" -> End.COMPLETED;
            case "FAILED" -> End.FAILED;
            case "CANCELLED" -> End.CANCELLED;
            default -> End.NOT_STARTED;
        };
        Optional<Outcome> ran = Optional.of(outcome.path("migration").path("outcome"))
                .filter(JsonNode::isObject)
                .map(known -> Texts.mapper().convertValue(known, Outcome.class))
                .filter(known -> known.metrics() != null);
        Optional<Boolean> intact = end == End.COMPLETED
                ? verifier.verify(planned.resourceName(), planned.destinationNode())
                : Optional.empty();
        String error =
                end == End.COMPLETED ? "" : outcome.path("status_message").asText("The migration did not complete.");
        return new Entry(
                        planned.resourceName(),
                        planned.sourceNode(),
                        planned.destinationNode(),
                        planned.technique(),
                        planned.reason(),
                        new Prediction(new HashMap<>(planned.predicted()), true),
                        Optional.ofNullable(planned.reservation()).map(Bandwidth::new),
                        Optional.of(end),
                        error,
                        ran.map(Outcome::metrics).orElse(Map.of()),
                        ran.map(known -> known.violated(policy)).orElse(List.of()),
                        Optional.empty())
                .withGuestVerified(intact)
                .withPerfProxy(ran.map(Outcome::perfProxy));
    }
}
