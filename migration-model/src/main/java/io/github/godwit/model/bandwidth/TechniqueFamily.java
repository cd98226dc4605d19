package io.github.godwit.model.bandwidth;

import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;

/**
 * Techniques that compete with the traffic of a VM in the same way, because the VM runs on the same host while its memory is sent
 * ([Thesis 2025], section 3.3).
 */
public enum TechniqueFamily {
    /** The VM runs on the source until the end; what it sends competes with its memory. Also with throttling or compression. */
    PRE(Technique.PRE_COPY, TrafficClass.OUTBOUND),
    /** The VM runs on the destination from the start; what it receives competes with its memory. */
    POST(Technique.POST_COPY, TrafficClass.INBOUND),
    /** The VM runs on the source for the first round over its memory, which sends most of it. */
    HYBRID(Technique.PRE_POST_COPY, TrafficClass.OUTBOUND);

    private final Technique named;
    private final TrafficClass competing;

    TechniqueFamily(Technique named, TrafficClass competing) {
        this.named = named;
        this.competing = competing;
    }

    /** The family of a technique. */
    public static TechniqueFamily of(Technique technique) {
        return switch (technique.switchover()) {
            case WHEN_CONVERGED -> PRE;
            case AT_ONCE -> POST;
            case AFTER_FIRST_ROUND -> HYBRID;
        };
    }

    /** Its plain technique, which names the family in files. */
    public Technique technique() {
        return named;
    }

    /** The direction of traffic on the VM's host that competes with the migration: outbound or inbound. */
    public TrafficClass competing() {
        return competing;
    }

    /** Whether the VM runs on the source while its memory is sent, so that it is the traffic there that matters. */
    boolean runsOnSource() {
        return competing == TrafficClass.OUTBOUND;
    }

    /** The rate that competes with the migration, of the traffic on the VM's host. */
    Bandwidth competingRate(Traffic traffic) {
        return runsOnSource() ? traffic.out() : traffic.in();
    }
}
