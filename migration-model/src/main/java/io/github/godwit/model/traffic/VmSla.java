package io.github.godwit.model.traffic;

import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import java.util.List;

/**
 * What holds for the migration of one VM: the result of {@link TrafficClasses#of}.
 *
 * @param type    name of its workload class
 * @param rates   its present traffic
 * @param urgency importance of its migration
 * @param bounds  the rates to keep for its applications in the busier direction
 * @param notes   wishes of its owner that are not followed, in sentences
 */
public record VmSla(String type, Traffic rates, Urgency urgency, SlaBounds bounds, List<String> notes) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException when a part is missing
     */
    public VmSla {
        Checks.named("workload class", type);
        Checks.present("rates", rates);
        Checks.present("urgency", urgency);
        Checks.present("bounds", bounds);
        notes = List.copyOf(notes);
    }

    /** The direction of its traffic. */
    public TrafficClass traffic() {
        return TrafficClass.of(rates);
    }

    /** What its applications keep of what they receive. */
    public SlaBounds inbound() {
        return of(rates.in());
    }

    /** What its applications keep of what they send. */
    public SlaBounds outbound() {
        return of(rates.out());
    }

    /** The quieter direction keeps the same share of its rate as the busier one. */
    private SlaBounds of(Bandwidth rate) {
        Bandwidth busier = WorkloadType.busier(rates);
        return busier.equals(Bandwidth.ZERO)
                ? bounds
                : bounds.times(rate.bitsPerSecond() / (double) busier.bitsPerSecond());
    }
}
