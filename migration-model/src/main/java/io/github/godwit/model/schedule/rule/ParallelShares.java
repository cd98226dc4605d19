package io.github.godwit.model.schedule.rule;

import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import java.util.List;

/**
 * The bandwidth of VMs that leave in parallel ([Thesis 2025], algorithm 3): in proportion to {@code slaLower} and urgency, of what is left
 * of the link when the applications of all of them keep their lower bounds.
 */
public final class ParallelShares {

    private ParallelShares() {}

    /**
     * One of the VMs.
     *
     * @param slaLower bandwidth that its applications must keep
     * @param urgency  urgency of its migration
     */
    public record Member(Bandwidth slaLower, Urgency urgency) {

        /** The shares of algorithm 2: all, three quarters, half of what is ideal. */
        private double factor() {
            return switch (urgency) {
                case HIGH -> 1;
                case MEDIUM -> 0.75;
                case LOW -> 0.5;
            };
        }
    }

    /**
     * Divides a link. VMs without a bound count as if all of them had the same.
     *
     * @param link    capacity of the link
     * @param members the VMs, at least one
     * @return one share for each
     */
    public static List<Bandwidth> divide(Bandwidth link, List<Member> members) {
        Checks.positive("number of VMs", members.size());
        Bandwidth kept = members.stream().map(Member::slaLower).reduce(Bandwidth.ZERO, Bandwidth::plus);
        double left = link.minus(kept).megabits();
        boolean bounds = kept.bitsPerSecond() > 0;
        double sum = members.stream().mapToDouble(each -> weight(each, bounds)).sum();
        return members.stream()
                .map(each -> Bandwidth.ofMegabits(left * weight(each, bounds) / sum))
                .toList();
    }

    private static double weight(Member member, boolean bounds) {
        return member.factor() * (bounds ? member.slaLower().megabits() : 1);
    }
}
