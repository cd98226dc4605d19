package io.github.godwit.model.schedule;

import io.github.godwit.model.unit.Bandwidth;

/**
 * Predicts one migration at a constant share of bandwidth, by the same predictor and policy as every other choice. Pure: the same
 * arguments give the same result. Schedulers ask for few shares of each VM and destination, and remember the answers.
 */
@FunctionalInterface
public interface MigrationEstimator {

    /**
     * Estimates the techniques of one migration.
     *
     * @param vm          name of the VM
     * @param destination name of the host that it would go to, one of its candidates
     * @param share       bandwidth that the migration gets all the time
     * @throws io.github.godwit.model.select.NoTechniqueException when no technique can move the VM there
     */
    TechniqueEstimates estimate(String vm, String destination, Bandwidth share);
}
