package io.github.godwit.hostapi;

import java.util.Map;

/**
 * One real migration of the dataset: an outcome, and the circumstances it was collected under.
 *
 * @param id            names the row within its file; a collector that is started again passes over ids it finds
 * @param caseId        the same for all techniques that moved the same VM under the same conditions
 * @param family        workload family, so that one can be kept out of training; {@link #UNKNOWN} for migrations of operators
 * @param workload      what the guest was told to do, empty where that is not known
 * @param seed          seed of the design, 0 for none
 * @param guestVerified whether the guest found its memory intact afterwards
 * @param disturbance   what else went on, or null where that was not watched
 * @param versions      versions of {@code qemu}, {@code kernel}, {@code godwit}, and the {@code cpu} model
 * @param outcome       the case, the technique and what was measured
 */
public record DatasetRow(
        String id,
        String caseId,
        String family,
        String workload,
        long seed,
        boolean guestVerified,
        Disturbance disturbance,
        Map<String, String> versions,
        Outcome outcome) {

    /** Family of a row whose workload nobody designed. */
    public static final String UNKNOWN = "unknown";

    /**
     * @throws IllegalArgumentException when the outcome is missing
     */
    public DatasetRow {
        if (outcome == null || outcome.migrationCase() == null || outcome.technique() == null) {
            throw new IllegalArgumentException("A row of the dataset needs an outcome with its case and technique.");
        }
        workload = workload == null ? "" : workload;
        versions = versions == null ? Map.of() : Map.copyOf(versions);
    }

    /** Whether it can be learned from: nothing disturbed the measurement, and the guest was intact. */
    public boolean undisturbed() {
        return guestVerified && (disturbance == null || !disturbance.disturbed());
    }

    /** The row of an outcome that a host driver recorded in daily use. */
    public static DatasetRow of(Outcome outcome) {
        String id = outcome.migrationId();
        return new DatasetRow(id, id, UNKNOWN, "", 0, true, null, Map.of(), outcome);
    }

    /**
     * What else used the machine while a migration was measured.
     *
     * @param foreignCores CPU of processes that do not belong to the measurement, in cores
     * @param stolenCores  CPU that a hypervisor below took, in cores
     * @param cpuPressure  share of the time in which some task waited for a CPU (PSI), 0 to 1; the measurement's own included
     * @param repeats      how often the migration was repeated because of a disturbance
     * @param disturbed    whether it was still disturbed at the last repeat
     */
    public record Disturbance(
            double foreignCores, double stolenCores, double cpuPressure, int repeats, boolean disturbed) {}
}
