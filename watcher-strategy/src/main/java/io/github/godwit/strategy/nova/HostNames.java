package io.github.godwit.strategy.nova;

import io.github.godwit.common.HostName;
import io.github.godwit.nova.HostNaming;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The names that hosts have in the cluster, which are those that host drivers report, and in Nova. Nova is asked for its names when one
 * of the cluster matches none, and the host drivers are when nobody has told a name yet, at most once a minute. Thread-safe.
 */
final class HostNames implements HostNaming {

    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final int MOST_GUESSED = 1000;

    private final Supplier<? extends Collection<String>> drivers;
    private final Supplier<Map<String, Set<String>>> nova;
    private final InstantSource clock;
    private final Set<String> cluster = new HashSet<>();
    private final Set<String> guessed = new HashSet<>();
    private Map<String, Set<String>> read = Map.of();
    private Instant askedAt = Instant.MIN;
    private Instant readAt = Instant.MIN;
    private HostNameMatch match = HostNameMatch.NONE;
    private boolean current = true;
    private boolean complete = true;

    /**
     * @param drivers reads the names that host drivers report
     * @param nova    reads the hypervisor hostnames from Nova, by the name of the host
     * @param clock   current time
     */
    HostNames(
            Supplier<? extends Collection<String>> drivers,
            Supplier<Map<String, Set<String>>> nova,
            InstantSource clock) {
        this.drivers = drivers;
        this.nova = nova;
        this.clock = clock;
    }

    /** Remembers names that host drivers report. */
    synchronized void know(Collection<String> hosts) {
        if (cluster.addAll(hosts)) {
            guessed.removeIf(name -> cluster.stream().anyMatch(host -> HostName.same(host, name)));
            current = false;
        }
    }

    /**
     * Remembers names that orders use. The host driver may have told none since the service was started; a name that it has told counts
     * before.
     */
    synchronized void consider(Collection<String> hosts) {
        for (String host : hosts) {
            if (!cluster.contains(host) && find(host).equals(host)) {
                if (guessed.size() == MOST_GUESSED) {
                    guessed.clear();
                }
                current &= !guessed.add(host);
            }
        }
    }

    @Override
    public String ofNova(String host) {
        return match().ofNova().getOrDefault(host, host);
    }

    @Override
    public String toNova(String host) {
        consider(List.of(host));
        String known = find(host);
        return match().toNova().getOrDefault(known, known);
    }

    /** Returns the name in the cluster of a host by any of its names; an unknown name, or one that two hosts may have, stays as it is. */
    synchronized String find(String name) {
        HostNameMatch known = match();
        if (cluster.contains(name)) {
            return name;
        }
        if (known.ofNova().containsKey(name)) {
            return known.ofNova().get(name);
        }
        List<String> found = cluster.stream()
                .filter(host -> HostName.same(host, name)
                        || HostName.same(known.toNova().getOrDefault(host, host), name))
                .toList();
        return found.size() == 1 ? found.get(0) : name;
    }

    /** Returns which of the hosts is which in Nova. */
    synchronized HostNameMatch match() {
        if (cluster.isEmpty() && due(askedAt)) {
            askedAt = clock.instant();
            know(drivers.get());
        }
        if (!current) {
            compare();
        }
        if (!complete && due(readAt)) {
            read = nova.get();
            readAt = clock.instant();
            compare();
        }
        return match;
    }

    private void compare() {
        match = HostNameMatch.of(cluster, read).and(guessed, read);
        complete = match.toNova().keySet().containsAll(cluster)
                && match.toNova().keySet().containsAll(guessed);
        current = true;
    }

    private boolean due(Instant last) {
        return !clock.instant().isBefore(last.plus(PAUSE));
    }
}
