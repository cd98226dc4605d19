package io.github.godwit.host.nova;

import io.github.godwit.model.bandwidth.BandwidthModel;
import io.github.godwit.model.reserve.ReservationTerms;
import java.util.function.Supplier;

/**
 * How unplanned migrations are decided.
 *
 * @param peers  the host drivers of the other hosts
 * @param policy the policy to choose by where the server names none
 * @param terms  how much bandwidth is reserved for them
 * @param model  tells how much bandwidth they need beside other traffic
 */
public record UnplannedTerms(PeerUrls peers, String policy, ReservationTerms terms, Supplier<BandwidthModel> model) {

    /** By the published bandwidth model. */
    public UnplannedTerms(PeerUrls peers, String policy, ReservationTerms terms) {
        this(peers, policy, terms, BandwidthModel::published);
    }
}
