package io.github.godwit.model.bandwidth;

import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The bandwidth that a migration gets beside other traffic: a curve for each family of techniques and each direction of the traffic
 * ([Thesis 2025], section 3.3). All values are rates of the migration's data, which on an idle link are about nine tenths of the link's
 * rate. Immutable.
 *
 * <p>The traffic class of the host that the VM runs on while its memory is sent determines the curve: the source for pre-copy and
 * hybrid, the destination for post-copy. The curve of mixed traffic, and that of an idle host, is read at the rate of the direction that
 * competes with the migration.
 */
public final class BandwidthModel {

    private static final BandwidthModel PUBLISHED = BandwidthModelForm.published();

    private final Map<TechniqueFamily, Map<TrafficClass, BandwidthCurve>> curves;

    /**
     * A value of the model, and how it came about.
     *
     * @param host      the host whose traffic determines it
     * @param direction direction of that traffic
     * @param rate      rate of that traffic
     * @param link      rate of that host's link
     * @param curve     the class of traffic whose curve was read; on the host that the VM does not run on, that of the VM's host
     * @param value     bandwidth that the migration gets
     * @param free      whether the value is what is free on the link, because the curve says less
     * @param origin    where the curve comes from
     */
    public record Reading(
            String host,
            TrafficClass direction,
            Bandwidth rate,
            Bandwidth link,
            TrafficClass curve,
            Bandwidth value,
            boolean free,
            BandwidthCurve.Origin origin) {

        /** In words: what the bandwidth is, beside what, and by which curve, as a clause that follows "gets". */
        public String describe() {
            if (free) {
                return "%.0f of %.0f Mbit/s, which are free on %s".formatted(value.megabits(), link.megabits(), host);
            }
            return "%.0f of %.0f Mbit/s beside %.0f Mbit/s of %s traffic of %s, by the curve %s"
                    .formatted(
                            value.megabits(),
                            link.megabits(),
                            rate.megabits(),
                            direction.name().toLowerCase(Locale.ROOT),
                            host,
                            origin.describe());
        }
    }

    BandwidthModel(Map<TechniqueFamily, Map<TrafficClass, BandwidthCurve>> curves) {
        Map<TechniqueFamily, Map<TrafficClass, BandwidthCurve>> copy = new EnumMap<>(TechniqueFamily.class);
        curves.forEach((family, own) -> copy.put(family, Collections.unmodifiableMap(new EnumMap<>(own))));
        this.curves = Collections.unmodifiableMap(copy);
    }

    /** The published curves, which ship with Godwit. */
    public static BandwidthModel published() {
        return PUBLISHED;
    }

    Map<TechniqueFamily, Map<TrafficClass, BandwidthCurve>> curves() {
        return curves;
    }

    /** The curve of a family for a class of traffic; for an idle host that of the direction that competes with the migration. */
    public BandwidthCurve curve(TechniqueFamily family, TrafficClass traffic) {
        return curves.get(family).get(traffic == TrafficClass.IDLE ? family.competing() : traffic);
    }

    /** The same model with another curve. */
    public BandwidthModel with(TechniqueFamily family, TrafficClass traffic, BandwidthCurve curve) {
        Map<TechniqueFamily, Map<TrafficClass, BandwidthCurve>> changed = new EnumMap<>(curves);
        Map<TrafficClass, BandwidthCurve> own = new EnumMap<>(curves.get(family));
        own.put(traffic, curve);
        changed.put(family, own);
        return new BandwidthModel(changed);
    }

    /**
     * The bandwidth that a migration would use if only the VM's own traffic were on the link: the {@code ideal_bw} of [Thesis 2025],
     * algorithm 1, line 19.
     *
     * @param vm   traffic of the VM
     * @param link rate of the link
     */
    public Reading ideal(Technique technique, Traffic vm, Bandwidth link) {
        return onHostOfVm(TechniqueFamily.of(technique), "the VM", vm, link);
    }

    /**
     * The bandwidth that a migration gets beside the traffic of both hosts if nothing is reserved for it. TCP shares a link, so this is
     * more than what is free, and less than the link. Each host is read on its own link, and the smaller value is returned. The host that
     * the VM does not run on takes part with the direction that competes with the migration, on the same curve.
     *
     * @param vm traffic of the VM, which is part of the source's
     */
    public Reading obtained(Technique technique, HostProfile source, HostProfile destination, Traffic vm) {
        TechniqueFamily family = TechniqueFamily.of(technique);
        Reading near;
        Reading far;
        if (family.runsOnSource()) {
            near = orFree(family, source.traffic().out(), onHostOfVm(family, source));
            Bandwidth competing = destination.traffic().in();
            far = orFree(family, competing, onOtherHost(family, destination.name(), competing, destination.link()));
        } else {
            Traffic arrived = new Traffic(
                    destination.traffic().in().plus(vm.in()),
                    destination.traffic().out().plus(vm.out()));
            near = orFree(family, arrived.in(), onHostOfVm(family, destination.name(), arrived, destination.link()));
            Bandwidth competing = source.traffic().out().minus(vm.out());
            far = orFree(family, competing, onOtherHost(family, source.name(), competing, source.link()));
        }
        return near.value().compareTo(far.value()) <= 0 ? near : far;
    }

    /** What the curve gives, or the part of it that an idle link would give for what is free, where that is more. */
    private Reading orFree(TechniqueFamily family, Bandwidth competing, Reading reading) {
        double idle = curve(family, reading.curve()).at(0);
        Bandwidth free =
                new Bandwidth(Math.round(idle * reading.link().minus(competing).bitsPerSecond()));
        return free.compareTo(reading.value()) <= 0
                ? reading
                : new Reading(
                        reading.host(),
                        reading.direction(),
                        reading.rate(),
                        reading.link(),
                        reading.curve(),
                        free,
                        true,
                        reading.origin());
    }

    /** Where each curve comes from, for logs. */
    @Override
    public String toString() {
        return curves.values().stream()
                .flatMap(own -> own.values().stream())
                .map(curve -> curve.origin().describe())
                .distinct()
                .collect(Collectors.joining("; "));
    }

    private Reading onHostOfVm(TechniqueFamily family, HostProfile host) {
        return onHostOfVm(family, host.name(), host.traffic(), host.link());
    }

    private Reading onHostOfVm(TechniqueFamily family, String host, Traffic traffic, Bandwidth link) {
        TrafficClass kind = TrafficClass.of(traffic);
        Bandwidth rate = switch (kind) {
            case INBOUND -> traffic.in();
            case OUTBOUND -> traffic.out();
            case MIXED, IDLE -> family.competingRate(traffic);
        };
        TrafficClass read = kind == TrafficClass.IDLE ? family.competing() : kind;
        return reading(family, host, read, rate, link, read);
    }

    private Reading onOtherHost(TechniqueFamily family, String host, Bandwidth competing, Bandwidth link) {
        TrafficClass direction = family.runsOnSource() ? TrafficClass.INBOUND : TrafficClass.OUTBOUND;
        return reading(family, host, direction, competing, link, family.competing());
    }

    private Reading reading(
            TechniqueFamily family,
            String host,
            TrafficClass direction,
            Bandwidth rate,
            Bandwidth link,
            TrafficClass read) {
        BandwidthCurve curve = curve(family, read);
        double share = link.bitsPerSecond() == 0 ? 1 : (double) rate.bitsPerSecond() / link.bitsPerSecond();
        return new Reading(
                host,
                direction,
                rate,
                link,
                read,
                new Bandwidth(Math.round(curve.at(share) * link.bitsPerSecond())),
                false,
                curve.origin());
    }
}
