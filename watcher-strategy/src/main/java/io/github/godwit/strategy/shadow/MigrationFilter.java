package io.github.godwit.strategy.shadow;

import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.model.technique.Technique;

/**
 * Which recorded migrations are wanted; null members want all.
 *
 * @param vm        name of the VM
 * @param host      name of the source or the destination
 * @param technique the technique that ran
 * @param phase     how it ended
 */
public record MigrationFilter(String vm, String host, Technique technique, Phase phase) {

    boolean matches(RecordedMigration migration) {
        return (vm == null || vm.equals(migration.vm()))
                && (host == null || host.equals(migration.source()) || host.equals(migration.destination()))
                && (technique == null || technique == migration.technique())
                && (phase == null || phase == migration.phase());
    }
}
