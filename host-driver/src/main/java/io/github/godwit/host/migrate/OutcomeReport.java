package io.github.godwit.host.migrate;

import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.hostapi.PostcopyWaits;
import io.github.godwit.hostapi.ReservedRates;
import io.github.godwit.hostapi.scatter.Gathering;
import io.github.godwit.model.proxy.VcpuTimes;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.watch.PrecopyRound;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Builds the outcome of a migration: what it was predicted from, and what it cost.
 *
 * @param id        id of the migration
 * @param plan      the case, the decision and its prediction
 * @param startedAt when the migration started
 * @param reserved  bandwidth that was reserved for it at its end, or zero
 * @param rates     how the reservation was adapted; empty if it was not
 * @param notes     what an operator should know about it
 * @param rounds    its rounds of pre-copy
 */
public record OutcomeReport(
        String id,
        PreparedMigration plan,
        Instant startedAt,
        Bandwidth reserved,
        Optional<ReservedRates> rates,
        List<String> notes,
        List<PrecopyRound> rounds) {

    /**
     * The outcome of a migration that has ended.
     *
     * @param end   how it ended, with QEMU's last figures
     * @param cost  what it cost QEMU on this host
     * @param here  heartbeats on this host since the start
     * @param there heartbeats on the destination since the preparation
     * @param vcpus how long the vCPUs ran on both hosts; empty if it is not known
     * @param waits how long they waited for pages in post-copy; empty if it is not known
     * @param gathering what scatter-gather came to; empty for other techniques
     */
    public Outcome outcome(
            MigrationEnd end,
            CostMeter cost,
            Heartbeats here,
            Heartbeats there,
            Optional<VcpuTimes> vcpus,
            Optional<PostcopyWaits> waits,
            Optional<Gathering> gathering) {
        double spanSeconds = Duration.between(startedAt, Instant.now()).toNanos() / 1e9;
        Measurements measurements = new Measurements(
                end.info(),
                cost.cpuPercent(),
                cost.memoryMegabytes(),
                plan.migrationCase().vm().heartbeatsPerSecond(),
                spanSeconds,
                here,
                there);
        HeartbeatContinuity continuity = HeartbeatContinuity.across(here, there);
        boolean heard = here.count() + there.count() > 0;
        return new Outcome(
                        id,
                        startedAt,
                        plan.migrationCase(),
                        plan.decision().technique(),
                        plan.request().policy(),
                        plan.decision().reason(),
                        plan.decision().prediction(),
                        measurements.metrics(),
                        heard ? continuity.longestGapMicros() / 1000.0 : -1,
                        here.count() > 0 && there.count() > 0 ? continuity.lost() + continuity.repeated() : -1,
                        end.info().completed(),
                        end.info().progress().rounds(),
                        end.info().postcopyRequests(),
                        rates.map(ReservedRates::mean).orElse(reserved),
                        List.copyOf(notes),
                        plan.decision().policyVersion(),
                        0,
                        end.incomparable().orElse(null),
                        rates.orElse(null),
                        rounds,
                        vcpus.orElse(null),
                        null,
                        end.recovery(),
                        waits.orElse(null),
                        gathering.orElse(null),
                        null)
                .withProxy();
    }
}
