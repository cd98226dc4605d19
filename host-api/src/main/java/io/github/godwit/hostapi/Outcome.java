package io.github.godwit.hostapi;

import io.github.godwit.hostapi.scatter.Gathering;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.proxy.OutsideView;
import io.github.godwit.model.proxy.PerformanceProxy;
import io.github.godwit.model.proxy.ProxyTrust;
import io.github.godwit.model.proxy.VcpuTimes;
import io.github.godwit.model.select.Slo;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.watch.PrecopyRound;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The measured cost of a migration, with the case and the prediction that it is compared to. Host drivers append each
 * outcome to {@code outcomes.jsonl}, which training reads.
 *
 * @param migrationId       id on the source's host driver
 * @param startedAt         when the host driver gave QEMU the command to migrate
 * @param migrationCase     the profiles of the VM, both hosts and the link, measured just before
 * @param technique         the technique that ran
 * @param policy            the policy that chose the technique; null if the request named the technique
 * @param reason            why this technique was chosen, in one sentence
 * @param prediction        the prediction for this technique
 * @param measured          the measured metrics, with the downtime that QEMU reports as DT ({@link #metrics} has it as the guest feels it);
 *                          PERF is missing for a guest without heartbeat
 * @param serviceDowntimeMillis longest time without a heartbeat, in ms; -1 for a guest without heartbeat
 * @param heartbeatsLost    heartbeats lost or repeated across the switchover: 0 if the guest continued exactly where it
 *                          stopped, -1 if unknown
 * @param converged         false if the migration was cancelled at its time limit
 * @param rounds            number of bitmap syncs (QEMU's {@code dirty-sync-count})
 * @param postcopyRequests  number of pages that the VM waited for after the switchover (QEMU's {@code postcopy-requests})
 * @param reserved          the reserved bandwidth, its mean where it was adapted; zero if none was reserved
 * @param notes             deviations from the request, for example why no bandwidth could be reserved
 * @param policyVersion     version of the policy, 0 for one that ships; null if it was not recorded
 * @param diskBytes         bytes of local disks, which were copied too and are part of TD, as their time is of TT; 0 for none
 * @param incomparable      why the measurements must not be compared with a prediction, as a clause; null if they may
 * @param rates             how the reservation was adapted; null if it was not, or from an older host driver
 * @param precopy         the rounds of pre-copy, with the last figures of each; of a migration with many rounds some of them. Null from
 *                         an older host driver
 * @param vcpuTimes       CPU time of the vCPUs on both hosts during the migration; null if either host did not report it
 * @param perfProxy       a proxy of PERF from outside of the guest, 0 to 1 ({@link PerformanceProxy}); it is not PERF, and not part of
 *                        {@code measured}. Null if it cannot be computed
 * @param recovery        what became of a connection that broke in post-copy; null if none did, or from an older host driver
 * @param waits           how long the vCPUs waited for pages in post-copy; null if there was none, or the destination does not know it
 * @param gathering       what SCATTER-GATHER came to beside the metrics; null for other techniques
 * @param observed        what Godwit would have chosen, if it only observed; null if it did not, or from an older host driver
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
        List<String> notes,
        Integer policyVersion,
        long diskBytes,
        String incomparable,
        ReservedRates rates,
        List<PrecopyRound> precopy,
        VcpuTimes vcpuTimes,
        Double perfProxy,
        PostcopyRecovery recovery,
        PostcopyWaits waits,
        Gathering gathering,
        ObservedChoice observed) {

    /** The outcome of a migration whose connection did not break in post-copy, without the figures of the vCPUs. */
    public Outcome(
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
            List<String> notes,
            Integer policyVersion,
            long diskBytes,
            String incomparable,
            ReservedRates rates,
            List<PrecopyRound> precopy) {
        this(
                migrationId,
                startedAt,
                migrationCase,
                technique,
                policy,
                reason,
                prediction,
                measured,
                serviceDowntimeMillis,
                heartbeatsLost,
                converged,
                rounds,
                postcopyRequests,
                reserved,
                notes,
                policyVersion,
                diskBytes,
                incomparable,
                rates,
                precopy,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** What is known of the guest's performance without its help; empty from an older host driver. */
    public Optional<OutsideView> outsideView() {
        if (vcpuTimes == null || migrationCase == null) {
            return Optional.empty();
        }
        return Optional.of(new OutsideView(
                vcpuTimes,
                migrationCase.vm().vcpuUse(),
                precopy,
                measured.getOrDefault(Metric.TOTAL_TIME, 0.0),
                measured.getOrDefault(Metric.DOWNTIME, 0.0)));
    }

    /** The same with the recorded proxy of PERF, if it can be computed. */
    public Outcome withProxy() {
        OptionalDouble proxy = outsideView().map(PerformanceProxy.RECORDED::of).orElse(OptionalDouble.empty());
        return with(
                technique,
                prediction,
                diskBytes,
                incomparable,
                proxy.isPresent() ? proxy.getAsDouble() : null,
                observed);
    }

    /** Whether the proxy stands for PERF in learning: no heartbeat has measured PERF, and the proxy is trusted ({@link ProxyTrust}). */
    public boolean learnsProxy() {
        return perfProxy != null
                && measured != null
                && !measured.containsKey(Metric.PERFORMANCE)
                && technique != null
                && migrationCase != null
                && ProxyTrust.learned(technique, migrationCase.vm().accelerator());
    }

    /**
     * The measured metrics, with DT as predictions and SLOs mean it ({@link Metric#DOWNTIME}): in post-copy the longest time without a heartbeat,
     * and no DT for a guest without heartbeats, because what QEMU reports does not include the waits for pages.
     */
    public Map<Metric, Double> metrics() {
        Double reported = measured == null ? null : measured.get(Metric.DOWNTIME);
        if (reported == null || !waited()) {
            return measured;
        }
        Map<Metric, Double> metrics = new EnumMap<>(measured);
        if (serviceDowntimeMillis >= 0) {
            metrics.put(Metric.DOWNTIME, Math.max(reported, serviceDowntimeMillis));
        } else {
            metrics.remove(Metric.DOWNTIME);
        }
        return metrics;
    }

    /** The SLOs of a policy that it violated; TT counts as the policy counts it ({@link SloPolicy#eviction}). */
    public List<Slo> violated(SloPolicy rules) {
        Map<Metric, Double> metrics = metrics();
        if (rules.eviction() && gathering != null) {
            metrics = new EnumMap<>(metrics);
            metrics.put(Metric.TOTAL_TIME, (double) gathering.evictionMillis());
        }
        return rules.violatedBy(metrics);
    }

    /** Whether the VM may have waited for pages on the destination: in post-copy, or after a switch to it while the migration ran. */
    private boolean waited() {
        return (technique != null && technique.isPostCopy()) || postcopyRequests > 0;
    }

    /** What models and recalibrations learn: {@link #metrics}, and the proxy as PERF where {@link #learnsProxy}. */
    public Map<Metric, Double> labels() {
        if (!learnsProxy()) {
            return metrics();
        }
        Map<Metric, Double> labels = new EnumMap<>(Metric.class);
        labels.putAll(metrics());
        labels.put(Metric.PERFORMANCE, perfProxy);
        return labels;
    }

    /** The same for what must not be compared with a prediction. */
    public Outcome apart(Technique ran, String why, long disks, Prediction predicted) {
        return with(ran, predicted, disks, why, perfProxy, observed);
    }

    /** The same for a migration that Godwit only observed, with what it would have chosen. */
    public Outcome withObserved(ObservedChoice choice) {
        return with(technique, prediction, diskBytes, incomparable, perfProxy, choice);
    }

    private Outcome with(
            Technique ran, Prediction predicted, long disks, String why, Double proxy, ObservedChoice choice) {
        return new Outcome(
                migrationId,
                startedAt,
                migrationCase,
                ran,
                policy,
                reason,
                predicted,
                measured,
                serviceDowntimeMillis,
                heartbeatsLost,
                converged,
                rounds,
                postcopyRequests,
                reserved,
                notes,
                policyVersion,
                disks,
                why,
                rates,
                precopy,
                vcpuTimes,
                proxy,
                recovery,
                waits,
                gathering,
                choice);
    }
}
