package io.github.godwit.model.reserve;

import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How migrations that run at the same time share a link ([Thesis 2025], algorithm 3, line 36): in proportion to the {@code sla_lower} and
 * the urgency of each VM. As in algorithm 2, no migration gets more than its urgency's share of its ideal bandwidth, and all together
 * leave the sum of what the VMs keep for their own applications: nothing at high urgency, {@code sla_lower} at medium, and
 * {@code sla_upper} at low. What a migration cannot use goes to the others, in the same proportion.
 */
public final class ParallelShares {

    /** A VM without SLA bound counts with this share of the link, so that it is not left out. */
    private static final double LEAST_WEIGHT = 0.01;

    private ParallelShares() {}

    /**
     * One VM of the group.
     *
     * @param urgency  importance of its migration
     * @param ideal    bandwidth that its migration would use alone
     * @param slaLower bandwidth that its applications must keep
     * @param slaUpper bandwidth that its applications should keep, at least {@code slaLower}
     */
    public record Member(Urgency urgency, Bandwidth ideal, Bandwidth slaLower, Bandwidth slaUpper) {

        /**
         * @throws IllegalArgumentException when a value is missing or {@code slaLower} is more than {@code slaUpper}
         */
        public Member {
            Checks.present("urgency", urgency);
            Checks.present("ideal", ideal);
            KeptBandwidth checked = new KeptBandwidth(slaLower, slaUpper);
            slaLower = checked.lower();
            slaUpper = checked.upper();
        }

        private double weight(Bandwidth link) {
            double bound = Math.max(slaLower.bitsPerSecond(), Math.max(1, LEAST_WEIGHT * link.bitsPerSecond()));
            return bound * urgency.idealShare();
        }
    }

    /**
     * Splits a link.
     *
     * @param link    rate of the link, less what the VMs keep that stay on it
     * @param members the VMs that are migrated at the same time
     * @return the bandwidth of each, in the same order
     */
    public static List<Bandwidth> split(Bandwidth link, List<Member> members) {
        Bandwidth kept = Bandwidth.ZERO;
        for (Member member : members) {
            kept = kept.plus(member.urgency().kept(member.slaLower(), member.slaUpper()));
        }
        double left = link.minus(kept).bitsPerSecond();
        double[] shares = new double[members.size()];
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < shares.length; i++) {
            open.add(i);
        }
        // Each round satisfies those that need less than their part; the last one divides what is left among the
        // others.
        while (!open.isEmpty()) {
            double weights =
                    open.stream().mapToDouble(i -> members.get(i).weight(link)).sum();
            double rest = left;
            List<Integer> satisfied = open.stream()
                    .filter(i -> wanted(members.get(i)) <= rest * members.get(i).weight(link) / weights)
                    .toList();
            for (int i : satisfied.isEmpty() ? open : satisfied) {
                shares[i] = satisfied.isEmpty() ? rest * members.get(i).weight(link) / weights : wanted(members.get(i));
                left -= shares[i];
            }
            open.removeAll(satisfied.isEmpty() ? List.copyOf(open) : satisfied);
        }
        return Arrays.stream(shares)
                .mapToObj(share -> new Bandwidth((long) share))
                .toList();
    }

    private static double wanted(Member member) {
        return member.ideal().bitsPerSecond() * member.urgency().idealShare();
    }
}
