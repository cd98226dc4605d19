package io.github.godwit.host.nova;

import io.github.godwit.hostapi.Outcome;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.technique.Technique;
import java.util.Optional;
import java.util.function.Function;

/** Decides whether what was measured of a migration may be compared with a prediction, which is one of a technique and of memory. Pure. */
final class OutcomeMark {

    /** {@code VIR_MIGRATE_NON_SHARED_DISK} and {@code VIR_MIGRATE_NON_SHARED_INC}: libvirt copies local disks first. */
    private static final long DISKS = 64 | 128;

    private OutcomeMark() {}

    /**
     * The outcome with the technique that ran, marked if it may not be compared.
     *
     * @param outcome   the outcome as if the advice had been carried out
     * @param refused   whether libvirt did not carry it out, so that Nova's own flags ran
     * @param flags     Nova's {@code virDomainMigrateFlags}
     * @param diskBytes bytes of disks that libvirt has copied
     * @param usual     what Nova's own flags result in
     * @param predictor predicts the migration by another technique
     */
    static Outcome of(
            Outcome outcome,
            boolean refused,
            long flags,
            long diskBytes,
            Technique usual,
            Function<Technique, Prediction> predictor) {
        Technique chosen = outcome.technique();
        Technique ran = refused ? usual : chosen;
        Optional<String> why = incomparable(
                refused ? Optional.of(chosen.id()) : Optional.empty(),
                flags,
                diskBytes,
                outcome.measured().containsKey(Metric.TOTAL_TIME));
        return why.map(clause ->
                        outcome.apart(ran, clause, diskBytes, refused ? predictor.apply(ran) : outcome.prediction()))
                .orElse(outcome);
    }

    /**
     * Why it may not, as a clause, or nothing if it may.
     *
     * @param refused   the technique that libvirt did not carry out, so that Nova's own flags ran
     * @param flags     Nova's {@code virDomainMigrateFlags}
     * @param diskBytes bytes of disks that libvirt has copied
     * @param figures   whether libvirt reported the figures of the migration
     */
    static Optional<String> incomparable(Optional<String> refused, long flags, long diskBytes, boolean figures) {
        if (refused.isPresent()) {
            return Optional.of("it ran with Nova's own flags, after libvirt had not carried out " + refused.get());
        }
        if (diskBytes > 0) {
            return Optional.of("it includes the copy of local disks, %d bytes".formatted(diskBytes));
        }
        return (flags & DISKS) != 0 && !figures
                ? Optional.of("it may include the copy of local disks")
                : Optional.empty();
    }
}
