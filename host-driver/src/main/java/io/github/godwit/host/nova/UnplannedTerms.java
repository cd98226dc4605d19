package io.github.godwit.host.nova;

import io.github.godwit.host.vm.Vm;
import io.github.godwit.model.bandwidth.BandwidthModel;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.reserve.ReservationTerms;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How unplanned migrations are decided.
 *
 * @param peers  the host drivers of the other hosts
 * @param policy the policy to choose by where the server names none
 * @param terms  how much bandwidth is reserved for them
 * @param model  tells how much bandwidth they need beside other traffic
 * @param taps   the present traffic of a VM
 */
public record UnplannedTerms(
        PeerUrls peers,
        String policy,
        ReservationTerms terms,
        Supplier<BandwidthModel> model,
        Function<Vm, Traffic> taps) {

    /** Where the traffic of VMs is not known. */
    public UnplannedTerms(PeerUrls peers, String policy, ReservationTerms terms, Supplier<BandwidthModel> model) {
        this(peers, policy, terms, model, vm -> Traffic.NONE);
    }

    /** A copy where the traffic of VMs is known. */
    public UnplannedTerms withTaps(Function<Vm, Traffic> traffic) {
        return new UnplannedTerms(peers, policy, terms, model, traffic);
    }

    /** By the published bandwidth model. */
    public UnplannedTerms(PeerUrls peers, String policy, ReservationTerms terms) {
        this(peers, policy, terms, BandwidthModel::published);
    }
}
