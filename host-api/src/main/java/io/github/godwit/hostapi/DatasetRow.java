package io.github.godwit.hostapi;

import java.util.Map;

/**
 * One measured migration of the dataset: its outcome, and the conditions it was collected under.
 *
 * @param id            unique within the file; a collector that is restarted skips the ids that it finds there
 * @param caseId        equal for all techniques that moved the same VM under the same conditions
 * @param family        workload family, so that evaluation can hold out a whole family; {@link #UNKNOWN} for production migrations
 * @param workload      the guest's workload parameters; empty if they are unknown
 * @param seed          seed of the experiment design; 0 if there is none
 * @param guestVerified whether the guest found its memory intact after the migration
 * @param disturbance   other load on the machine during the measurement; null if it was not recorded
 * @param versions      versions of {@code qemu}, {@code kernel} and {@code godwit}, and the {@code cpu} model
 * @param outcome       the case, the technique and the measured metrics
 * @param hypervisor    what ran the migration: {@code qemu} or {@code libvirt}; as in its case, from which a row from before this column gets it
 * @param accelerator   what ran the guest: {@code kvm} or {@code tcg}; likewise
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
        Outcome outcome,
        String hypervisor,
        String accelerator) {

    /** Family of a row whose workload is not one of the designed experiments. */
    public static final String UNKNOWN = "unknown";

    /**
     * Replaces null for {@code workload} and {@code versions} by empty values, and for {@code hypervisor} and {@code accelerator} by those of
     * the case.
     *
     * @throws IllegalArgumentException if the outcome, its case or its technique is missing, or the hypervisor or the accelerator is another
     *                                  one than that of the case
     */
    public DatasetRow {
        if (outcome == null || outcome.migrationCase() == null || outcome.technique() == null) {
            throw new IllegalArgumentException("A row of the dataset needs an outcome with its case and technique.");
        }
        hypervisor = checked(
                "hypervisor",
                hypervisor,
                outcome.migrationCase().source().hypervisor().id());
        accelerator = checked(
                "accelerator",
                accelerator,
                outcome.migrationCase().vm().accelerator().qemuName());
        workload = workload == null ? "" : workload;
        versions = versions == null ? Map.of() : Map.copyOf(versions);
    }

    /** A row with the hypervisor and the accelerator of its case. */
    public DatasetRow(
            String id,
            String caseId,
            String family,
            String workload,
            long seed,
            boolean guestVerified,
            Disturbance disturbance,
            Map<String, String> versions,
            Outcome outcome) {
        this(id, caseId, family, workload, seed, guestVerified, disturbance, versions, outcome, null, null);
    }

    private static String checked(String column, String value, String ofCase) {
        if (value != null && !value.equals(ofCase)) {
            throw new IllegalArgumentException(
                    "The %s of a row ('%s') is not that of its case ('%s').".formatted(column, value, ofCase));
        }
        return ofCase;
    }

    /** Whether the row is fit for training: no other load disturbed the measurement, and the guest's memory was intact. */
    public boolean undisturbed() {
        return guestVerified && (disturbance == null || !disturbance.disturbed());
    }

    /** Wraps an outcome that a host driver recorded in production: the family is {@link #UNKNOWN}, and no disturbance is recorded. */
    public static DatasetRow of(Outcome outcome) {
        String id = outcome.migrationId();
        return new DatasetRow(id, id, UNKNOWN, "", 0, true, null, Map.of(), outcome);
    }

    /**
     * Other load on the machine while a migration was measured.
     *
     * @param foreignCores CPU time of processes outside the measurement, in cores
     * @param stolenCores  CPU time that the underlying hypervisor took (steal), in cores
     * @param cpuPressure  share of the time in which some task waited for a CPU (PSI), 0 to 1; includes the measurement's own tasks
     * @param repeats      how often the migration was repeated because of a disturbance
     * @param disturbed    whether the last repetition was disturbed too
     */
    public record Disturbance(
            double foreignCores, double stolenCores, double cpuPressure, int repeats, boolean disturbed) {}
}
