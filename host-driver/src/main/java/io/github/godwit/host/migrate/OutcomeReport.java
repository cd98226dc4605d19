package io.github.godwit.host.migrate;

import io.github.godwit.host.migrate.Supervisor.End;
import io.github.godwit.model.Bandwidth;
import io.github.godwit.model.api.Heartbeats;
import io.github.godwit.model.api.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Puts together what a migration cost with what it was predicted from. */
record OutcomeReport(String id, MigrationPlan plan, Instant startedAt, Bandwidth reserved, List<String> notes) {

    /**
     * @param end   QEMU's last figures
     * @param cost  what it cost on this host
     * @param here  heartbeats on this host since the start
     * @param there heartbeats on the destination
     */
    Outcome outcome(End end, CostMeter cost, Heartbeats here, Heartbeats there) {
        double spanSeconds = Duration.between(startedAt, Instant.now()).toNanos() / 1e9;
        Measurements measurements = new Measurements(
                end.info(),
                cost.cpuPercent(),
                cost.memoryMegabytes(),
                plan.migrationCase().vm().heartbeatsPerSecond(),
                spanSeconds,
                here,
                there);
        return new Outcome(
                id,
                startedAt,
                plan.migrationCase(),
                plan.decision().technique(),
                plan.request().policy(),
                plan.decision().reason(),
                plan.decision().prediction(),
                measurements.metrics(),
                ServiceGap.longestMillis(here, there),
                ServiceGap.lost(here, there),
                end.info().completed(),
                end.info().progress().rounds(),
                end.info().postcopyRequests(),
                reserved,
                List.copyOf(notes));
    }
}
