package io.github.godwit.strategy.plan;

import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.traffic.TrafficForm;
import io.github.godwit.model.traffic.VmSla;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.decide.Move;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds to the reasons of moves what the traffic of the VM and of both hosts is, and what it means for the VM's applications. */
final class TrafficReasons {

    private static final Logger LOG = LoggerFactory.getLogger(TrafficReasons.class);

    private TrafficReasons() {}

    /** Returns the moves with their traffic in their reasons. */
    static List<Move> told(PlanSlas slas, ClusterModel now, List<Move> moves) {
        return moves.stream()
                .map(move -> slas.of(move.vm()).map(sla -> told(now, move, sla)).orElse(move))
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
