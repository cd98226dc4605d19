package io.github.godwit.model.schedule.rule;

import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.technique.Technique;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The rules of [Thesis 2025] that choose between pre-copy and post-copy by the traffic of both hosts. */
public final class TrafficTechnique {

    private TrafficTechnique() {}

    /**
     * The technique for one VM (algorithm 1).
     *
     * @param source      traffic of the source host
     * @param destination traffic of the destination host
     */
    public static Technique single(TrafficClass source, TrafficClass destination) {
        if (source == TrafficClass.OUTBOUND) {
            return Technique.POST_COPY;
        }
        if (source == TrafficClass.INBOUND) {
            return Technique.PRE_COPY;
        }
        if (destination == TrafficClass.IDLE) {
            return Technique.POST_COPY;
        }
        return source == TrafficClass.IDLE ? Technique.PRE_COPY : Technique.POST_COPY;
    }

    /**
     * The technique for VMs that leave in parallel (section 4.4.2, the seven rules in their order).
     *
     * @param source      traffic of the source host
     * @param destination traffic of the destination host
     * @param vms         traffic of the VMs together
     */
    public static Technique parallel(TrafficClass source, TrafficClass destination, TrafficClass vms) {
        if (source == TrafficClass.OUTBOUND) {
            return Technique.POST_COPY;
        }
        if (destination == TrafficClass.INBOUND) {
            return Technique.PRE_COPY;
        }
        if (vms == TrafficClass.INBOUND && inOrMixed(source)) {
            return Technique.PRE_COPY;
        }
        if (vms == TrafficClass.INBOUND && outOrMixed(destination)) {
            return Technique.PRE_COPY;
        }
        if (destination == TrafficClass.IDLE) {
            return Technique.POST_COPY;
        }
        return source == TrafficClass.IDLE ? Technique.PRE_COPY : Technique.POST_COPY;
    }

    private static boolean inOrMixed(TrafficClass host) {
        return host == TrafficClass.INBOUND || host == TrafficClass.MIXED;
    }

    private static boolean outOrMixed(TrafficClass host) {
        return host == TrafficClass.OUTBOUND || host == TrafficClass.MIXED;
    }

    /**
     * The order in which VMs leave one after another: those that send or idle first, those that receive last; others in between and
     * otherwise as given.
     *
     * @param vms traffic of the VMs
     * @return indexes of the VMs
     */
    public static List<Integer> serialOrder(List<TrafficClass> vms) {
        return IntStream.range(0, vms.size())
                .boxed()
                .sorted(Comparator.comparing(vm -> switch (vms.get(vm)) {
                    case OUTBOUND, IDLE -> 0;
                    case MIXED -> 1;
                    case INBOUND -> 2;
                }))
                .toList();
    }
}
