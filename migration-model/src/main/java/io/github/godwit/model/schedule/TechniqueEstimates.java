package io.github.godwit.model.schedule;

import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Checks;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The technique that the policy chooses for a migration at one share of bandwidth, and what every technique would cost there. The others
 * are needed because a migration that began with its technique keeps it when its share changes.
 *
 * @param chosen      the technique that a migration would begin with
 * @param byTechnique the techniques that can run, {@code chosen} among them
 */
public record TechniqueEstimates(Technique chosen, Map<Technique, MigrationEstimate> byTechnique) {

    /**
     * @throws IllegalArgumentException when there is no estimate for the chosen technique
     */
    public TechniqueEstimates {
        EnumMap<Technique, MigrationEstimate> copy = new EnumMap<>(Technique.class);
        copy.putAll(Checks.present("estimates", byTechnique));
        byTechnique = Collections.unmodifiableMap(copy);
        Checks.present("estimate of " + Checks.present("chosen technique", chosen), byTechnique.get(chosen));
    }

    /** Only one technique can run. */
    public static TechniqueEstimates only(MigrationEstimate estimate) {
        return new TechniqueEstimates(estimate.technique(), Map.of(estimate.technique(), estimate));
    }
}
