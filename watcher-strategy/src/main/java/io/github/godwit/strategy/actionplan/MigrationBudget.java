package io.github.godwit.strategy.actionplan;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.model.schedule.NetworkLink;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.plan.Racks;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;

/**
 * What the running migrations of all plans leave for further ones. Not thread-safe.
 *
 * <p>A host is the source of at most as many migrations at a time as its operator permits (Nova's
 * {@code max_concurrent_live_migrations}). Each migration takes from the links that it crosses the lowest rate that its plan gives it at any
 * time, so that what is planned at a time can run at a time, also beside other plans. Without a planned rate, as in a rollback, it takes what
 * it reserves, or half of a link: at least that is what TCP gives it beside one other. A VM is in one migration, and two VMs of an
 * anti-affinity group never migrate at the same time, since Nova's own check does not see running migrations.
 */
final class MigrationBudget {

    /** Rates are rounded, and links of the same rate differ a little. */
    private static final double TOLERANCE = 0.02;

    /** Share of a link for a migration of which no rate is known. */
    private static final double EVEN = 0.5;

    private final ToIntFunction<String> concurrent;
    private final Racks racks;
    private final List<Set<String>> apart;
    private final Map<String, Integer> sources = new HashMap<>();
    private final Map<String, Double> links = new HashMap<>();
    private final Set<String> vms = new HashSet<>();

    /**
     * @param concurrent how many migrations a host may be the source of at a time, by its name; 0 for any number
     * @param racks      links between racks
     * @param apart      groups of VMs, by name, of which no two may migrate at the same time
     */
    MigrationBudget(ToIntFunction<String> concurrent, Racks racks, List<Set<String>> apart) {
        this.concurrent = concurrent;
        this.racks = racks;
        this.apart = List.copyOf(apart);
    }

    /** An independent copy. */
    MigrationBudget copy() {
        MigrationBudget copy = new MigrationBudget(concurrent, racks, apart);
        copy.sources.putAll(sources);
        copy.links.putAll(links);
        copy.vms.addAll(vms);
        return copy;
    }

    /** Whether an action can begin beside those that were added. Actions that migrate nothing always can. */
    boolean fits(Action action) {
        if (!migrates(action)) {
            return true;
        }
        return mayMigrate(text(action, "resource_id"))
                && !isFull(text(action, "source_node"))
                && claims(action).entrySet().stream()
                        .allMatch(claim -> links.getOrDefault(claim.getKey(), 0.0) <= TOLERANCE
                                || links.get(claim.getKey()) + claim.getValue() <= 1 + TOLERANCE);
    }

    /**
     * Whether a migration can be ordered although its host is the source of as many as its operator permits, because it fits as soon as one
     * of them has ended. Until then it waits in Nova's queue, prepared.
     *
     * @param leaving a running migration of the same host, which was added
     */
    boolean fitsAfter(Action leaving, Action action) {
        MigrationBudget after = copy();
        after.remove(leaving);
        return mayMigrate(text(action, "resource_id")) && isFull(text(action, "source_node")) && after.fits(action);
    }

    private boolean mayMigrate(String vm) {
        return !vms.contains(vm)
                && apart.stream()
                        .noneMatch(group -> group.contains(vm) && vms.stream().anyMatch(group::contains));
    }

    private boolean isFull(String source) {
        int most = concurrent.applyAsInt(source);
        return most > 0 && sources.getOrDefault(source, 0) >= most;
    }

    private void remove(Action action) {
        vms.remove(text(action, "resource_id"));
        sources.merge(text(action, "source_node"), -1, Integer::sum);
        claims(action).forEach((link, share) -> links.merge(link, -share, Double::sum));
    }

    /** Adds a migration that waits in Nova's queue for the place of one that was added. */
    void addQueued(Action action) {
        vms.add(text(action, "resource_id"));
    }

    /** Takes what a migration uses, whether it fits or not. */
    void add(Action action) {
        if (migrates(action)) {
            vms.add(text(action, "resource_id"));
            sources.merge(text(action, "source_node"), 1, Integer::sum);
            claims(action).forEach((link, share) -> links.merge(link, share, Double::sum));
        }
    }

    static boolean migrates(Action action) {
        return "migrate".equals(action.type());
    }

    private static String text(Action action, String key) {
        return action.parameters().path(key).asText();
    }

    /** The share that a migration takes of each link, by the link's name. */
    private Map<String, Double> claims(Action action) {
        String source = text(action, "source_node");
        String destination = text(action, "destination_node");
        OptionalDouble from = capacity(action.parameters(), "source");
        OptionalDouble to = capacity(action.parameters(), "destination");
        OptionalDouble rate = rate(action.parameters());
        Map<String, Double> claims = new HashMap<>();
        claims.put("out " + source, share(rate, from));
        claims.put("in " + destination, share(rate, to));
        double half = EVEN * Math.min(from.orElse(Double.MAX_VALUE), to.orElse(Double.MAX_VALUE));
        for (NetworkLink link : racks.between(source, destination)) {
            double whole = link.capacity().bitsPerSecond();
            claims.put(link.name(), Math.min(rate.isPresent() ? 1 : EVEN, rate.orElse(half) / whole));
        }
        return claims;
    }

    private static double share(OptionalDouble rate, OptionalDouble capacity) {
        return rate.isPresent() && capacity.isPresent() ? rate.getAsDouble() / capacity.getAsDouble() : EVEN;
    }

    /** The rate that a migration takes: the lowest one of its schedule, else what it reserves. */
    private static OptionalDouble rate(JsonNode parameters) {
        OptionalDouble planned = lowestRate(parameters);
        double reserved = parameters.path("reservation").asDouble();
        return planned.isPresent() || reserved <= 0 ? planned : OptionalDouble.of(reserved);
    }

    private static OptionalDouble lowestRate(JsonNode parameters) {
        JsonNode steps = parameters.path("schedule").path("bandwidth");
        return StreamSupport.stream(steps.spliterator(), false)
                .mapToDouble(step -> step.path("bits_per_second").asDouble())
                .filter(rate -> rate > 0)
                .min();
    }

    private static OptionalDouble capacity(JsonNode parameters, String host) {
        double rate = parameters
                .path("observed")
                .path(host)
                .path("link")
                .path("bitsPerSecond")
                .asDouble();
        return DoubleStream.of(rate).filter(known -> known > 0).findFirst();
    }
}
