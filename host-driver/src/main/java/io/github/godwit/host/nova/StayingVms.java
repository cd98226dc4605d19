package io.github.godwit.host.nova;

import io.github.godwit.host.vm.Vm;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.reserve.KeptBandwidth;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.traffic.SlaBounds;
import io.github.godwit.model.traffic.SlaWishes;
import io.github.godwit.model.traffic.TrafficClasses;
import io.github.godwit.model.unit.Bandwidth;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The VMs that stay on a host while another one leaves. What Nova knows about them is not known here, so that their bounds are those of
 * their classes and projects.
 *
 * @param vms     them, with their traffic
 * @param classes the workload classes
 * @param link    rate of the host's link
 */
record StayingVms(List<Staying> vms, TrafficClasses classes, Bandwidth link) {

    /**
     * One of them.
     *
     * @param traffic its present traffic
     * @param project UUID of its project, if it is known
     */
    record Staying(Traffic traffic, Optional<String> project) {}

    /**
     * All but one.
     *
     * @param leaves  name of the VM that leaves
     * @param traffic the present traffic of a VM
     */
    static StayingVms of(
            List<? extends Vm> all,
            String leaves,
            Function<Vm, Traffic> traffic,
            TrafficClasses classes,
            Bandwidth link) {
        List<Staying> vms = all.stream()
                .filter(vm -> !vm.name().equals(leaves))
                .map(vm -> new Staying(traffic.apply(vm), vm.project()))
                .toList();
        return new StayingVms(vms, classes, link);
    }

    /** Terms that leave these VMs what they keep of what they send; the same terms if none of them has traffic. */
    ReservationTerms keptBy(ReservationTerms usual) {
        boolean known = vms.stream().anyMatch(vm -> !vm.traffic().equals(Traffic.NONE));
        if (!known || link.bitsPerSecond() == 0) {
            return usual;
        }
        KeptBandwidth kept = KeptBandwidth.NONE;
        for (Staying vm : vms) {
            SlaBounds bounds = classes.of(vm.traffic(), usual.urgency(), vm.project(), SlaWishes.NONE)
                    .outbound();
            kept = kept.plus(new KeptBandwidth(bounds.lower(), bounds.upper()));
        }
        return usual.keeping(kept, link);
    }
}
