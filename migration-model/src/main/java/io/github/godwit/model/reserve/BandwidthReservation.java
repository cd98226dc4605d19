package io.github.godwit.model.reserve;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import java.util.Locale;
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

    /**
     * Importance of a migration relative to the traffic of applications.
     *
     * <p>[Thesis 2025], algorithm 2, knows three levels, each with a share of the ideal bandwidth. [SOLive 2020], algorithm 1, knows a
     * percentage of the link that a migration may claim as long as it uses it, and evaluates 55, 75 and 95. This is the one place that
     * maps the levels onto both.
     */
    public enum Urgency {
        /** Reserve the ideal bandwidth; claim 95 % of the link. */
        HIGH(1, 0.95),
        /** Leave applications their lower bound; claim 75 % of the link. */
        MEDIUM(0.75, 0.75),
        /** Leave applications their upper bound; claim 55 % of the link. */
        LOW(0.5, 0.55);

        private final double idealShare;
        private final double linkShare;

        Urgency(double idealShare, double linkShare) {
            this.idealShare = idealShare;
            this.linkShare = linkShare;
        }

        /** The share of the ideal bandwidth that is reserved, above 0 and up to 1 ([Thesis 2025], algorithm 2). */
        public double idealShare() {
            return idealShare;
        }

        /** The share of the link that a migration may claim, above 0 and below 1 ({@code urgency} of [SOLive 2020], algorithm 1). */
        public double linkShare() {
            return linkShare;
        }

        /** The rate that a migration may claim on a link of this rate. */
        public Bandwidth claim(Bandwidth link) {
            return share(link, linkShare);
        }

        /** What a reservation of this urgency leaves to applications, of the two bounds that their SLAs set. */
        public Bandwidth kept(Bandwidth slaLower, Bandwidth slaUpper) {
            return switch (this) {
                case HIGH -> Bandwidth.ZERO;
                case MEDIUM -> slaLower;
                case LOW -> slaUpper;
            };
        }

        /** The name in lower case, as options and JSON write it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
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
     * @param ideal     bandwidth that the migration would use beside the VM's own traffic
     * @param total     capacity of the slower of both links
     * @param available free bandwidth of the link
     */
    public Optional<Bandwidth> reserve(Bandwidth ideal, Bandwidth total, Bandwidth available) {
        Bandwidth wanted = share(ideal, urgency.idealShare()).min(total.minus(urgency.kept(slaLower, slaUpper)));
        return wanted.compareTo(available) <= 0 ? Optional.empty() : Optional.of(wanted);
    }

    private static Bandwidth share(Bandwidth bandwidth, double share) {
        return new Bandwidth(Math.round(bandwidth.bitsPerSecond() * share));
    }
}
