package io.github.godwit.host.nova;

import io.github.godwit.model.reserve.ReservationTerms;

/**
 * How unplanned migrations are decided.
 *
 * @param peers  the host drivers of the other hosts
 * @param policy the policy to choose by where the server names none
 * @param terms  how much bandwidth is reserved for them
 */
public record UnplannedTerms(PeerUrls peers, String policy, ReservationTerms terms) {}
