package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.common.MonitoringFiles;
import io.github.godwit.strategy.catalog.Catalog;
import io.github.godwit.strategy.control.ServiceSwitch;
import io.github.godwit.strategy.events.Event;
import io.github.godwit.strategy.events.Events;
import io.github.godwit.strategy.store.Database;
import io.github.godwit.strategy.store.Stores;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ServiceMetricsTest {

    private static final String AUDIT = """
            INSERT INTO audits (uuid, name, audit_type, state, goal, strategy, parameters, scope, auto_trigger, forced, created_at) \
            VALUES ('a', 'a', 'ONESHOT', 'SUCCEEDED', 'dummy', 'dummy', '{}', '[]', TRUE, FALSE, 0)""";

    private static final String PLAN = """
            INSERT INTO action_plans (uuid, audit_uuid, strategy, state, efficacy_indicators, global_efficacy, on_failure, parallel, \
            created_at) VALUES ('p', 'a', 'dummy', 'FAILED', '[]', '[]', 'GO_ON', 1, 0)""";

    private static boolean isOfService(String metric) {
        return !MonitoringFiles.isOfHostDriver(metric);
    }

    @Test
    void dashboardAndAlertRulesUseWhatIsExported() throws IOException {
        try (Database database = TestDatabase.memory().open()) {
            database.jdbi().useHandle(handle -> {
                handle.execute(AUDIT);
                handle.execute(PLAN);
            });
            Events events = new Events();
            ServiceMetrics metrics = new ServiceMetrics(
                    Stores.of(database, Catalog.shipped(), Clock.systemUTC()),
                    new ServiceSwitch(database, Clock.systemUTC(), false),
                    events);
            metrics.expires(() -> Instant.parse("2099-01-01T00:00:00Z"));
            events.publish(Event.outcome(UUID.randomUUID(), "PRE", "SUCCEEDED", Map.of("TT", 3.0), Map.of("TT", 2.0)));
            metrics.request("/v1/audits", "GET", 200, Duration.ofMillis(5));

            String scrape = metrics.scrape();
            assertThat(scrape).contains("godwit_action_plans{state=\"FAILED\"} 1.0");
            assertThat(scrape).contains("godwit_prediction_error_sum{metric=\"TT\"} 0.5");
            assertThat(MonitoringFiles.metrics(ServiceMetricsTest::isOfService)).contains("godwit_enabled");
            assertThat(MonitoringFiles.missing(scrape, ServiceMetricsTest::isOfService))
                    .isEmpty();
        }
    }
}
