package io.github.godwit.model.reserve;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import java.util.Optional;

/**
 * How much bandwidth to reserve for the migration of one VM ([Thesis 2025], algorithm 2).
 *
 * <p>It depends on the urgency and on the bandwidth that the SLAs of applications guarantee:
 * <ul>
 *   <li>high: the ideal bandwidth;
 *   <li>medium: three quarters of it, at most the link minus {@code slaLower};
 *   <li>low: half of it, at most the link minus {@code slaUpper}.
 * </ul>
 * Nothing is reserved if that much bandwidth is free anyway.
 *
 * @param urgency  importance of the migration relative to the traffic of applications
 * @param slaLower bandwidth that applications must keep
 * @param slaUpper bandwidth that applications should keep, at least {@code slaLower}
 */
public record BandwidthReservation(Urgency urgency, Bandwidth slaLower, Bandwidth slaUpper) {

    /** Importance of a migration relative to the traffic of applications. */
    public enum Urgency {
        /** Reserve the ideal bandwidth. */
        HIGH,
        /** Leave applications their lower bound. */
        MEDIUM,
        /** Leave applications their upper bound. */
        LOW;

        /** The name in lower case, as options and JSON write it. */
        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * @throws IllegalArgumentException when a value is missing or {@code slaLower} is more than {@code slaUpper}
     */
    public BandwidthReservation {
        Checks.present("urgency", urgency);
        Checks.present("slaLower", slaLower);
        Checks.present("slaUpper", slaUpper);
        if (slaLower.compareTo(slaUpper) > 0) {
            throw new IllegalArgumentException(
                    "The slaLower (%s) must not be more than the slaUpper (%s).".formatted(slaLower, slaUpper));
        }
    }

    /**
     * The bandwidth to reserve, or nothing if enough is free.
     *
     * @param ideal     bandwidth that the migration would use on an idle link
     * @param total     capacity of the slower of both links
     * @param available free bandwidth of the link
     */
    public Optional<Bandwidth> reserve(Bandwidth ideal, Bandwidth total, Bandwidth available) {
        Bandwidth wanted = switch (urgency) {
            case HIGH -> ideal.min(total);
            case MEDIUM -> share(ideal, 0.75).min(total.minus(slaLower));
            case LOW -> share(ideal, 0.5).min(total.minus(slaUpper));
        };
        return wanted.compareTo(available) <= 0 ? Optional.empty() : Optional.of(wanted);
    }

    private static Bandwidth share(Bandwidth bandwidth, double share) {
        return new Bandwidth(Math.round(bandwidth.bitsPerSecond() * share));
    }
}
