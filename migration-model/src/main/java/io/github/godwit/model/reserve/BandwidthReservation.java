package io.github.godwit.model.reserve;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import java.util.Optional;

/**
 * How much bandwidth to keep for the migration of one VM (SPEC T6; thesis 2025, Algorithms 1 and 2).
 *
 * <p>By urgency, with what the applications are promised left to them:
 * <ul>
 *   <li>high: the ideal bandwidth;
 *   <li>medium: three quarters of it, at most the link less {@code slaLower};
 *   <li>low: half of it, at most the link less {@code slaUpper}.
 * </ul>
 * Nothing is reserved where that much is free anyway.
 *
 * @param urgency  how much the migration matters against the traffic of the applications
 * @param slaLower the least that the applications must keep
 * @param slaUpper what they should keep, at least {@code slaLower}
 */
public record BandwidthReservation(Urgency urgency, Bandwidth slaLower, Bandwidth slaUpper) {

    /** How much a migration matters against the traffic of the applications. */
    public enum Urgency {
        /** As fast as it can be. */
        HIGH,
        /** Leave the applications their lower bound. */
        MEDIUM,
        /** Leave the applications their upper bound. */
        LOW;

        /** In lower case, as people write it. */
        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * @throws IllegalArgumentException when a value is missing or the bounds are the wrong way round
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
     * The bandwidth to reserve, or nothing where the migration does well with what is free.
     *
     * @param ideal     what the technique would use on an idle link (SPEC T5)
     * @param total     rate of the slower of both links
     * @param available what the traffic of both hosts leaves of it
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
