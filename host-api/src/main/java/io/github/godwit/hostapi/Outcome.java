package io.github.godwit.hostapi;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.time.Instant;
import java.util.Map;

/**
 * What a migration really cost, with what it was predicted from: one row of the dataset.
 *
 * @param migrationId       id on the source's host driver
 * @param startedAt         when QEMU was told to migrate
 * @param migrationCase     the case as profiled just before
 * @param technique         the technique that ran
 * @param policy            the policy it was chosen under, or null when the technique was given
 * @param reason            why this technique, in one sentence
 * @param prediction        what was predicted for it
 * @param measured          the measured metrics; PERF is missing for a guest without heartbeat
 * @param serviceDowntimeMillis longest time without a heartbeat, in ms, or -1 without any; DT is what QEMU reports
 * @param heartbeatsLost    heartbeats lost or repeated over the switchover: 0 for a guest that went on exactly where it
 *                          was, -1 where that cannot be told
 * @param converged         false when it was cancelled at its time limit
 * @param rounds            bitmap syncs
 * @param postcopyRequests  pages that the VM had to wait for after switchover
 * @param reserved          bandwidth that was reserved, zero for none
 * @param notes             what went otherwise than asked, for example why nothing could be reserved
 */
public record Outcome(
        String migrationId,
        Instant startedAt,
        MigrationCase migrationCase,
        Technique technique,
        String policy,
        String reason,
        Prediction prediction,
        Map<Metric, Double> measured,
        double serviceDowntimeMillis,
        int heartbeatsLost,
        boolean converged,
        int rounds,
        long postcopyRequests,
        Bandwidth reserved,
        java.util.List<String> notes) {}
