package io.github.godwit.host.probe;

import io.github.godwit.host.qmp.MigrationSchema;
import io.github.godwit.host.qmp.MigrationSetup;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.vm.VmLimitsReader;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.QemuSettings;
import io.github.godwit.model.technique.ReleaseRule;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Version;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which techniques one QEMU can be told to use: those whose settings its schema knows and which it accepts.
 *
 * @param qemu    its version
 * @param lacking what its schema lacks for a technique, or its release is known to refuse
 * @param refused QEMU's message for each other technique that it refused
 */
record TechniqueTrials(Version qemu, Map<Technique, String> lacking, Map<Technique, String> refused) {

    /**
     * Tries each technique.
     *
     * @param qmp a QEMU that waits for a migration: it accepts the settings of both ends
     * @throws QmpException if QEMU does not answer, or is older than Godwit needs
     */
    static TechniqueTrials of(Monitor qmp) throws QmpException {
        Version version = VmLimitsReader.version(qmp.execute("query-version"));
        if (!ReleaseRule.OLDEST_QEMU.holdsFor(version)) {
            throw new QmpException(
                    "QEMU %s is too old. Install QEMU 6.2 or newer.".formatted(version), /* refused= */ true, null);
        }
        MigrationSchema schema = MigrationSchema.read(qmp);
        TechniqueTrials trials =
                new TechniqueTrials(version, new EnumMap<>(Technique.class), new EnumMap<>(Technique.class));
        for (Technique technique : Technique.values()) {
            trials.make(technique, schema, qmp);
        }
        return trials;
    }

    private void make(Technique technique, MigrationSchema schema, Monitor qmp) throws QmpException {
        QemuSettings settings = QemuSettings.of(technique, MigrationTuning.DEFAULT);
        // The release says more than the schema: when a technique came, or why it went.
        Optional<String> byRelease = QemuSettings.missingIn(technique, qemu);
        Optional<String> missing = schema.lacks(settings).or(() -> QemuSettings.uncombinableIn(technique, qemu));
        if (missing.isPresent()) {
            lacking.put(technique, byRelease.or(() -> missing).orElseThrow());
            return;
        }
        try {
            new MigrationSetup(qmp).apply(settings);
        } catch (QmpException e) {
            if (!e.refused()) {
                throw e;
            }
            if (byRelease.isPresent()) {
                lacking.put(technique, byRelease.get());
            } else {
                refused.put(technique, e.getMessage());
            }
        }
    }
}
