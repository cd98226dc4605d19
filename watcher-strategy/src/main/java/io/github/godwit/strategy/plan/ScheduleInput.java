package io.github.godwit.strategy.plan;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.reserve.KeptBandwidth;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.schedule.HostNetwork;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.schedule.MigrationEstimate;
import io.github.godwit.model.schedule.MigrationEstimator;
import io.github.godwit.model.schedule.NetworkLink;
import io.github.godwit.model.schedule.TechniqueEstimates;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.cluster.ClusterModel;
import java.util.EnumMap;
import java.util.List;

/** Translates hosts, terms and predictions into what a scheduler works with. */
public final class ScheduleInput {

    private ScheduleInput() {}

    /**
     * The network of a host.
     *
     * @param host       the host, with its applications' traffic
     * @param racks      the racks
     * @param terms      how migrations and applications share a link
     * @param reservable whether bandwidth can be reserved there
     * @param migrations traffic of running migrations, which the host's traffic includes
     */
    public static HostNetwork network(
            HostProfile host, Racks racks, ReservationTerms terms, boolean reservable, Traffic migrations) {
        return new HostNetwork(
                host.name(),
                racks.of(host.name()),
                link(
                        host.name() + " out",
                        host.link(),
                        host.traffic().out().minus(migrations.out()),
                        terms,
                        reservable),
                link(host.name() + " in", host.link(), host.traffic().in().minus(migrations.in()), terms, reservable));
    }

    /** The same network, whose applications keep this much. */
    static HostNetwork keeping(HostNetwork network, PlanSlas.HostKept kept) {
        return new HostNetwork(
                network.host(), network.rack(), keeping(network.out(), kept.out()), keeping(network.in(), kept.in()));
    }

    private static NetworkLink keeping(NetworkLink link, KeptBandwidth kept) {
        return new NetworkLink(
                link.name(),
                link.capacity(),
                link.applications(),
                kept.lower().min(link.capacity()),
                kept.upper().min(link.capacity()),
                link.reservable());
    }

    /** The same link under another name. */
    static NetworkLink named(String name, NetworkLink link) {
        return new NetworkLink(
                name, link.capacity(), link.applications(), link.slaLower(), link.slaUpper(), link.reservable());
    }

    /** Names of the VMs on a host. */
    static List<String> vmsOn(ClusterModel cluster, String host) {
        return cluster.vmsOn(host).stream().map(VmStatus::name).toList();
    }

    private static NetworkLink link(
            String name, Bandwidth capacity, Bandwidth applications, ReservationTerms terms, boolean reservable) {
        Bandwidth rate = new Bandwidth(Math.max(1, capacity.bitsPerSecond()));
        return new NetworkLink(
                name,
                rate,
                applications,
                kept(applications, rate, terms.slaLower()),
                kept(applications, rate, terms.slaUpper()),
                reservable);
    }

    /** What applications keep of what they use: at most a share of the link. */
    static Bandwidth kept(Bandwidth used, Bandwidth capacity, double share) {
        return used.min(new Bandwidth(Math.round(capacity.bitsPerSecond() * share)));
    }

    /**
     * Adds to each migration the time that passes between its order and the begin of its transfer, and between the end of the transfer and
     * the end of the migration.
     *
     * @param pace how many times as long as predicted transfers take
     */
    public static MigrationEstimator with(Interval overhead, double pace, MigrationEstimator estimator) {
        return (vm, destination, share) -> {
            TechniqueEstimates transfer = estimator.estimate(vm, destination, share);
            EnumMap<Technique, MigrationEstimate> longer = new EnumMap<>(Technique.class);
            transfer.byTechnique()
                    .forEach((technique, estimate) -> longer.put(technique, longer(estimate, overhead, pace)));
            return new TechniqueEstimates(transfer.chosen(), longer);
        };
    }

    /**
     * What a migration was predicted to take at the usual pace.
     *
     * @param seconds what it takes at that pace, with the overhead
     */
    static Interval without(Interval overhead, double pace, Interval seconds) {
        double value = usual(overhead, pace, seconds.value());
        return new Interval(
                Math.min(value, usual(overhead, pace, seconds.low())),
                value,
                Math.max(value, usual(overhead, pace, seconds.high())));
    }

    private static double usual(Interval overhead, double pace, double seconds) {
        double besides = Math.min(overhead.value(), seconds);
        return besides + (seconds - besides) / pace;
    }

    /** The sum of two independent times: their distances from the expected values add up as their squares. */
    private static MigrationEstimate longer(MigrationEstimate estimate, Interval overhead, double pace) {
        Interval predicted = estimate.seconds();
        Interval seconds = new Interval(pace * predicted.low(), pace * predicted.value(), pace * predicted.high());
        double value = seconds.value() + overhead.value();
        double low = Math.hypot(seconds.value() - seconds.low(), overhead.value() - overhead.low());
        double high = Math.hypot(seconds.high() - seconds.value(), overhead.high() - overhead.value());
        return new MigrationEstimate(
                estimate.technique(),
                new Interval(Math.max(0, value - low), value, value + high),
                estimate.downtimeMillis(),
                estimate.megabytes(),
                estimate.violation());
    }
}
