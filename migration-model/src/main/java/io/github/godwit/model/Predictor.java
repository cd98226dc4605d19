package io.github.godwit.model;

/** Tells what a migration would cost before it is made. Implementations are pure: same input, same output. */
@FunctionalInterface
public interface Predictor {

    /**
     * Predicts all six metrics for one technique, whether or not the two hosts can run it.
     *
     * @param migrationCase the VM, the hosts and the link
     * @param technique     how the VM would be moved
     */
    Prediction predict(MigrationCase migrationCase, Technique technique);
}
