package io.github.godwit.model.traffic;

import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import java.util.List;

/**
 * What holds for the migration of one VM: the result of {@link TrafficClasses#of}.
 *
 * @param type    name of its workload class
 * @param traffic the direction of its traffic
 * @param urgency importance of its migration
 * @param bounds  the rates to keep for its applications
 * @param notes   wishes of its owner that are not followed, in sentences
 */
public record VmSla(String type, TrafficClass traffic, Urgency urgency, SlaBounds bounds, List<String> notes) {

    /** Copies the list. */
    public VmSla {
        notes = List.copyOf(notes);
    }
}
