package io.github.godwit.host.migrate.rate;

import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.reserve.KeptBandwidth;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.unit.Bandwidth;
import java.util.Optional;

/**
 * Decides from second to second what a migration gets of a link. Pure.
 *
 * <ul>
 *   <li>The floor follows {@link ReservationLoop} ([SOLive 2020], algorithm 1), and leaves other traffic what the terms guarantee it
 *       ([Thesis 2025], algorithm 2): its lower bound with medium urgency, its upper bound with low urgency.
 *   <li>The limit is what other traffic leaves, at least the floor. Where there is hardly any, there is no limit, so that a migration on an
 *       idle link is not held back.
 *   <li>Nothing is reserved as long as the migration gets what it wants anyway.
 * </ul>
 *
 * @param terms    the urgency and what other traffic keeps
 * @param capacity rate of the slower of both links
 * @param most     the operator's limit of a migration's rate, or {@link MigrationTuning#UNLIMITED}
 * @param planned  a rate that a plan counts on, which therefore outweighs the urgency and what other traffic keeps; or zero
 */
public record RateRule(ReservationTerms terms, Bandwidth capacity, Bandwidth most, Bandwidth planned) {

    /** A rule that no plan counts on. */
    public RateRule(ReservationTerms terms, Bandwidth capacity, Bandwidth most) {
        this(terms, capacity, most, Bandwidth.ZERO);
    }

    /** Limits the planned rate to that of the link. */
    public RateRule {
        planned = planned.min(capacity);
    }

    /** How much of the link may be free or unused before the floor changes, and how little other traffic counts as none. */
    private static final double THRESHOLD = 0.05;

    /** Smaller changes, as a share of the link, are not worth a command. */
    private static final double NOTICEABLE = 0.01;

    /**
     * What was measured over the last seconds.
     *
     * @param used      the rate of the migration
     * @param available the rate that all traffic including the migration leaves free, on the busier of both hosts
     * @param started   whether the migration has run as long as rates are averaged over
     * @param steady    whether the floor has not risen for that long, so that an unused part of it is really unused
     */
    record Measured(Bandwidth used, Bandwidth available, boolean started, boolean steady) {}

    /** The rate that other traffic keeps whatever the migration needs. With high urgency that is only what is never reserved. */
    Bandwidth kept() {
        KeptBandwidth applications = terms.kept(capacity);
        Bandwidth kept = terms.urgency().kept(applications.lower(), applications.upper());
        return kept.min(capacity.minus(planned));
    }

    /**
     * What is reserved at the beginning: the larger of the free rate and the urgency.
     *
     * @param requested the rate that the request asks for at least, or null
     * @param available the rate that other traffic leaves free
     */
    public Share first(Bandwidth requested, Bandwidth available) {
        Bandwidth floor = loop().initialRate(available);
        floor = requested == null || requested.compareTo(floor) < 0 ? floor : requested;
        return shared(floor, Bandwidth.ZERO, available);
    }

    /** What to reserve where nothing is reserved: nothing, unless other traffic has come up that leaves the migration too little. */
    Optional<Share> late(Measured now) {
        LinkProfile link = new LinkProfile(capacity, now.available().plus(now.used()), Bandwidth.ZERO, 0);
        return terms.reserve(link)
                .map(wanted -> shared(loop().initialRate(Bandwidth.ZERO), now.used(), now.available()));
    }

    /**
     * What is reserved next; the same object if that is hardly anything else.
     *
     * @param before what is reserved now
     */
    Share next(Share before, Measured now) {
        Share next = shared(floor(before.floor(), now), now.used(), now.available());
        return noticeable(before.floor(), next.floor()) || noticeable(before.limit(), next.limit()) ? next : before;
    }

    private Bandwidth floor(Bandwidth before, Measured now) {
        Bandwidth next = loop().nextRate(before, now.used(), now.available());
        boolean rises = next.compareTo(before) > 0;
        return (rises ? now.started() : now.steady()) ? next : before;
    }

    private Share shared(Bandwidth wanted, Bandwidth used, Bandwidth available) {
        // A migration that sends nothing for a moment keeps a little.
        Bandwidth least = share(NOTICEABLE);
        Bandwidth floor = (wanted.compareTo(least) < 0 ? least : wanted)
                .min(capacity.minus(kept()))
                .min(most);
        return new Share(floor, limit(used, available), kept(), true);
    }

    private Bandwidth limit(Bandwidth used, Bandwidth available) {
        Bandwidth others = capacity.minus(available).minus(used);
        if (others.compareTo(share(THRESHOLD)) > 0) {
            return capacity.minus(others).min(most);
        }
        return most.compareTo(MigrationTuning.UNLIMITED) < 0 ? most : Share.NO_LIMIT;
    }

    private boolean noticeable(Bandwidth one, Bandwidth other) {
        return Math.abs(one.bitsPerSecond() - other.bitsPerSecond()) > capacity.bitsPerSecond() * NOTICEABLE;
    }

    private ReservationLoop loop() {
        Bandwidth urgency = terms.urgency().claim(capacity);
        return new ReservationLoop(capacity, urgency.compareTo(planned) < 0 ? planned : urgency, share(THRESHOLD));
    }

    private Bandwidth share(double part) {
        return new Bandwidth(Math.round(capacity.bitsPerSecond() * part));
    }
}
