package io.github.godwit.strategy.plan;

import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.traffic.TrafficForm;
import io.github.godwit.model.traffic.VmSla;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.decide.Move;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds to the reasons of moves what the traffic of the VM and of both hosts is, and what it means for the VM's applications. */
final class TrafficReasons {

    private static final Logger LOG = LoggerFactory.getLogger(TrafficReasons.class);

    private TrafficReasons() {}

    /**
     * Returns the moves with their traffic in their reasons.
     *
     * @param usual the urgency of the plan's migrations for which nobody wishes another one
     */
    static List<Move> told(Cloud cloud, Urgency usual, ClusterModel now, List<Move> moves) {
        Map<String, VmSla> slas =
                cloud.slas(moves.stream().map(move -> now.vm(move.vm())).toList(), usual);
        return moves.stream()
                .map(move -> slas.containsKey(move.vm()) ? told(now, move, slas.get(move.vm())) : move)
                .toList();
    }

    private static Move told(ClusterModel now, Move move, VmSla sla) {
        sla.notes().forEach(note -> LOG.warn("VM {}: {}", move.vm(), note));
        return move.saying(
                " Its traffic is %s (%s, %s urgency: %.0f to %.0f Mbit/s for its applications), that of %s %s, that of %s %s."
                        .formatted(
                                TrafficForm.text(sla.traffic()),
                                sla.type(),
                                sla.urgency(),
                                sla.bounds().lower().megabits(),
                                sla.bounds().upper().megabits(),
                                move.from(),
                                traffic(now.host(move.from())),
                                move.to(),
                                traffic(now.host(move.to()))));
    }

    private static String traffic(ClusterHost host) {
        return TrafficForm.text(TrafficClass.of(host.applications().traffic()));
    }
}
