package io.github.godwit.strategy.plan;

import io.github.godwit.model.bandwidth.BandwidthModel;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.reserve.ModelledReservation;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.select.SloPolicy;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How all migrations of a service are decided.
 *
 * @param predictor predicts the metrics of migrations
 * @param bandwidth tells how much bandwidth migrations need beside other traffic
 * @param longest   a migration that is predicted to take longer counts as one that does not converge
 */
public record MoveDecisions(Predictor predictor, Supplier<BandwidthModel> bandwidth, Duration longest) {

    /**
     * Decides by a policy.
     *
     * @param terms how migrations and applications share a link
     */
    public MoveDecision by(SloPolicy policy, ReservationTerms terms) {
        return new MoveDecision(predictor, policy, new ModelledReservation(terms, bandwidth), longest);
    }
}
