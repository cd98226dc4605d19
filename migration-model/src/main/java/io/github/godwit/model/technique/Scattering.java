package io.github.godwit.model.technique;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import java.util.List;
import java.util.Optional;

/**
 * On how many intermediaries the pages of a migration by SCATTER-GATHER wait.
 *
 * @param intermediaries number of intermediaries
 * @param copies         on how many of them each page is stored
 * @param ingress        the rate at which all of them together take pages; null where that is no bottleneck
 */
public record Scattering(int intermediaries, int copies, Bandwidth ingress) {

    /** Copies of each page where there are as many intermediaries. */
    public static final int USUAL_COPIES = 2;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if there are more copies than intermediaries, or none
     */
    public Scattering {
        Checks.inRange("copies", copies, 1, intermediaries);
    }

    /**
     * What a migration uses by default: all intermediaries that both hosts know, and two copies where there are two.
     *
     * @return empty if there are none
     */
    public static Optional<Scattering> between(HostCapabilities source, HostCapabilities destination) {
        List<String> both = source.intermediaryNames().stream()
                .filter(destination.intermediaryNames()::contains)
                .toList();
        return both.isEmpty() ? Optional.empty() : Optional.of(over(source, both, usualCopies(both.size())));
    }

    /** Copies of each page by default. */
    public static int usualCopies(int intermediaries) {
        return Math.min(USUAL_COPIES, intermediaries);
    }

    /**
     * What a migration uses that names its intermediaries.
     *
     * @param source says how fast they are
     * @param names  some of those of the source
     */
    public static Scattering over(HostCapabilities source, List<String> names, int copies) {
        List<IntermediaryOffer> used = source.intermediaries().stream()
                .filter(each -> names.contains(each.name()))
                .toList();
        boolean known = used.stream().allMatch(each -> each.link() != null);
        // Batches go to one after the other, so the slowest one sets the pace.
        Bandwidth ingress = known
                ? used.stream()
                        .map(IntermediaryOffer::link)
                        .reduce(Bandwidth::min)
                        .map(slowest -> new Bandwidth(slowest.bitsPerSecond() * used.size()))
                        .orElse(null)
                : null;
        return new Scattering(names.size(), copies, ingress);
    }
}
