package io.github.godwit.host.migrate;

import io.github.godwit.hostapi.MigrationStatus.Phase;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The transitions between the phases of a migration, as drawn in {@link Phase}. */
final class PhaseRule {

    private static final Map<Phase, Set<Phase>> NEXT = Map.of(
            Phase.PROFILING, EnumSet.of(Phase.PREPARING, Phase.CANCELLED, Phase.FAILED),
            Phase.PREPARING, EnumSet.of(Phase.MIGRATING, Phase.CANCELLED, Phase.FAILED),
            Phase.MIGRATING, EnumSet.of(Phase.POSTCOPY, Phase.COMPLETED, Phase.CANCELLED, Phase.FAILED),
            Phase.POSTCOPY, EnumSet.of(Phase.COMPLETED, Phase.FAILED),
            Phase.COMPLETED, EnumSet.noneOf(Phase.class),
            Phase.CANCELLED, EnumSet.noneOf(Phase.class),
            Phase.FAILED, EnumSet.noneOf(Phase.class));

    private PhaseRule() {}

    /**
     * Checks a transition.
     *
     * @return {@code to}
     * @throws IllegalStateException when {@code to} cannot follow {@code from}, which is a bug in the host driver
     */
    static Phase next(Phase from, Phase to) {
        if (!NEXT.get(from).contains(to)) {
            throw new IllegalStateException("A migration cannot go from %s to %s.".formatted(from, to));
        }
        return to;
    }
}
