package io.github.godwit.strategy.plan;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.reserve.KeptBandwidth;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.traffic.SlaBounds;
import io.github.godwit.model.traffic.VmSla;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.decide.Move;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The SLA bounds and urgencies of the VMs on the hosts of a plan, and what its migrations leave to their applications ([Thesis 2025],
 * algorithm 2). Where no VM has traffic, nothing is known about applications, and the usual shares of the link hold. Pure but for
 * {@link #read}.
 */
final class PlanSlas {

    /** Of no VM anything is known. */
    static final PlanSlas NONE = new PlanSlas(Map.of());

    private final Map<String, VmSla> byVm;

    PlanSlas(Map<String, VmSla> byVm) {
        this.byVm = Map.copyOf(byVm);
    }

    /**
     * What the applications of a host keep.
     *
     * @param out of what they send
     * @param in  of what they receive
     */
    record HostKept(KeptBandwidth out, KeptBandwidth in) {}

    /**
     * Asks for all VMs on the hosts that the moves may leave or reach.
     *
     * @param usual the urgency of migrations for which nobody wishes another one
     */
    static PlanSlas read(Cloud cloud, Urgency usual, ClusterModel cluster, List<Move> moves) {
        List<VmStatus> vms = moves.stream()
                .flatMap(move -> Stream.concat(Stream.of(move.from()), move.destinations().stream()))
                .distinct()
                .flatMap(host -> cluster.vmsOn(host).stream())
                .toList();
        return vms.isEmpty() ? NONE : new PlanSlas(cloud.slas(vms, usual));
    }

    /** By name of the VM. */
    Map<String, VmSla> byVm() {
        return byVm;
    }

    Optional<VmSla> of(String vm) {
        return Optional.ofNullable(byVm.get(vm));
    }

    /**
     * The terms of one migration.
     *
     * @param usual        the terms of the plan
     * @param stay         names of the other VMs that are on the source
     * @param there        names of the VMs that are on the destination
     */
    ReservationTerms terms(
            ReservationTerms usual,
            String vm,
            ClusterHost source,
            Collection<String> stay,
            ClusterHost destination,
            Collection<String> there) {
        ReservationTerms terms =
                of(vm).map(sla -> usual.withUrgency(sla.urgency())).orElse(usual);
        HostProfile from = source.profile();
        HostProfile to = destination.profile();
        Bandwidth capacity = from.link().min(to.link());
        boolean known = capacity.bitsPerSecond() > 0 && (haveTraffic(stay) || haveTraffic(there));
        return known
                ? terms.keeping(
                        KeptBandwidth.between(from, sum(stay, VmSla::outbound), to, sum(there, VmSla::inbound)),
                        capacity)
                : terms;
    }

    /** What these VMs of one host keep; nothing is known if none of them has traffic. */
    Optional<HostKept> kept(Collection<String> vms) {
        return haveTraffic(vms)
                ? Optional.of(new HostKept(sum(vms, VmSla::outbound), sum(vms, VmSla::inbound)))
                : Optional.empty();
    }

    private boolean haveTraffic(Collection<String> vms) {
        return vms.stream()
                .flatMap(vm -> of(vm).stream())
                .anyMatch(sla -> !sla.rates().equals(Traffic.NONE));
    }

    private KeptBandwidth sum(Collection<String> vms, Function<VmSla, SlaBounds> direction) {
        return vms.stream()
                .flatMap(vm -> of(vm).stream())
                .map(direction)
                .map(bounds -> new KeptBandwidth(bounds.lower(), bounds.upper()))
                .reduce(KeptBandwidth.NONE, KeptBandwidth::plus);
    }
}
