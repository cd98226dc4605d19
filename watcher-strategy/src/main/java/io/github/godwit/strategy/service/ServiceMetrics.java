package io.github.godwit.strategy.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.control.ServiceSwitch;
import io.github.godwit.strategy.events.Event;
import io.github.godwit.strategy.events.Events;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.store.Stores;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Metrics for Prometheus: audits and action plans by state, from the database; migrations by technique and outcome, relative errors of
 * predictions, and requests, all of this instance.
 */
public final class ServiceMetrics implements Api.Metering {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Stores stores;
    private final MultiGauge audits;
    private final MultiGauge plans;

    /** Creates the metrics; {@code stores} and {@code control} provide the states, and outcomes are counted from {@code events} from now on. */
    public ServiceMetrics(Stores stores, ServiceSwitch control, Events events) {
        this.stores = stores;
        Gauge.builder("godwit.enabled", () -> control.state().enabled() ? 1 : 0)
                .description("Whether the service is switched on: 1, or 0 while it is off")
                .register(registry);
        Gauge.builder("godwit.observes", () -> control.observes() ? 1 : 0)
                .description("1 if this instance makes plans and starts none")
                .register(registry);
        this.audits = MultiGauge.builder("godwit.audits")
                .description("Audits by state")
                .register(registry);
        this.plans = MultiGauge.builder("godwit.action.plans")
                .description("Action plans by state")
                .register(registry);
        events.watch(this::count);
    }

    /** Adds the time until the certificate of this service expires; host drivers refuse it then. */
    public void expires(Supplier<Instant> end) {
        Supplier<Number> left = () -> Duration.between(Instant.now(), end.get()).toSeconds();
        Gauge.builder("godwit.certificate.expiry.seconds", left)
                .description("Time until the certificate of this service expires")
                .strongReference(true)
                .register(registry);
    }

    private void count(Event event) {
        if (!Event.OUTCOME.equals(event.type())) {
            return;
        }
        String technique = event.data().path("technique").asText();
        Counter.builder("godwit.migrations")
                .description("Migrations that ended, by technique and outcome")
                .tags(
                        "technique",
                        technique,
                        "state",
                        event.data().path("state").asText())
                .register(registry)
                .increment();
        JsonNode measured = event.data().path("measured");
        for (Map.Entry<String, JsonNode> predicted :
                event.data().path("predicted").properties()) {
            double actual = measured.path(predicted.getKey()).asDouble(0);
            if (actual != 0) {
                DistributionSummary.builder("godwit.prediction.error")
                        .description("Relative error of what was predicted of migrations, by metric")
                        .tags("metric", predicted.getKey())
                        .register(registry)
                        .record(Math.abs(predicted.getValue().asDouble() - actual) / Math.abs(actual));
            }
        }
    }

    @Override
    public void request(String route, String method, int status, Duration took) {
        Timer.builder("godwit.http.requests")
                .description("Requests by route, method and status")
                .tags("route", route, "method", method, "status", String.valueOf(status))
                .register(registry)
                .record(took);
    }

    @Override
    public String scrape() {
        audits.register(rows("audits"), true);
        plans.register(rows("action_plans"), true);
        return registry.scrape();
    }

    private List<MultiGauge.Row<?>> rows(String table) {
        return stores.database()
                .jdbi()
                .withHandle(handle -> handle.createQuery(
                                "SELECT state, COUNT(*) AS number FROM %s WHERE deleted_at IS NULL GROUP BY state"
                                        .formatted(table))
                        .<MultiGauge.Row<?>>map((row, context) ->
                                MultiGauge.Row.of(Tags.of("state", row.getString("state")), row.getLong("number")))
                        .list());
    }
}
