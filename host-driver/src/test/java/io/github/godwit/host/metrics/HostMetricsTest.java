package io.github.godwit.host.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.common.MonitoringFiles;
import io.github.godwit.hostapi.PostcopyRecovery;
import io.github.godwit.hostapi.ReservedRates;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.watch.WatchChange;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostMetricsTest {

    private static final Bandwidth RATE = Bandwidth.ofMegabits(100);

    private final HostMetrics metrics = new HostMetrics("1.2.3");

    @Test
    void dashboardAndAlertRulesUseWhatIsExported() throws IOException {
        metrics.observe(() -> 2, () -> true, () -> false);
        metrics.expires(() -> Instant.parse("2030-01-01T00:00:00Z"));
        metrics.add(new NetworkCounters() {
            @Override
            public List<Count> ofNics() {
                return List.of(new Count("eth0", 1, 2));
            }

            @Override
            public List<Count> ofVms() {
                return List.of(new Count("db", 3, 4));
            }
        });
        metrics.ended("PRE", "completed");
        metrics.refused("POST", "c2");
        metrics.reserved(new ReservedRates(RATE, RATE, RATE, RATE, null, 3));
        metrics.proxied("PRE", 0.9);
        metrics.broke(new PostcopyRecovery(1, 0, 3, 500, "the destination does not answer"));

        assertThat(MonitoringFiles.metrics(MonitoringFiles::isOfHostDriver))
                .contains("godwit_host_enabled", "godwit_advice_seconds_count");
        assertThat(MonitoringFiles.missing(metrics.scrape(), MonitoringFiles::isOfHostDriver))
                .isEmpty();
    }

    @Test
    void whatTheWatchingChangedIsCountedByItsKind() {
        metrics.changed(new WatchChange.StartPostcopy("it stalls"));
        metrics.changed(new WatchChange.StartPostcopy("it is late"));
        metrics.changed(new WatchChange.RaiseThrottle(30));
        assertThat(metrics.scrape())
                .contains(
                        "godwit_host_watch_changes_total{change=\"start-postcopy\"} 2.0",
                        "godwit_host_watch_changes_total{change=\"raise-throttle\"} 1.0");
    }

    @Test
    void countersOfAlertsExistBeforeTheirFirstEvent() {
        assertThat(metrics.scrape())
                .contains(
                        "godwit_host_postcopy_breaks_total{result=\"left\"} 0.0",
                        "godwit_advice_seconds_count{kind=\"error\"} 0");
    }
}
