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

    private final Supplier<? extends Collection<String>> drivers;
    private final Supplier<Map<String, Set<String>>> nova;
    private final InstantSource clock;
    private final Set<String> cluster = new HashSet<>();
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

    /** Remembers names of hosts of the cluster. */
    synchronized void know(Collection<String> hosts) {
        if (cluster.addAll(hosts)) {
            current = false;
        }
    }

    @Override
    public String ofNova(String host) {
        return match().ofNova().getOrDefault(host, host);
    }

    /** {@inheritDoc} Remembers that the host is one of the cluster. */
    @Override
    public String toNova(String host) {
        know(List.of(host));
        return match().toNova().getOrDefault(host, host);
    }

    /** Returns the name in the cluster of a host by any of its names; an unknown name, or one that two hosts may have, stays as it is. */
    String find(String name) {
        HostNameMatch known = match();
        Set<String> hosts = names();
        if (hosts.contains(name) || known.ofNova().containsKey(name)) {
            return hosts.contains(name) ? name : known.ofNova().get(name);
        }
        List<String> found = hosts.stream()
                .filter(host -> HostName.same(host, name)
                        || HostName.same(known.toNova().getOrDefault(host, host), name))
                .toList();
        return found.size() == 1 ? found.get(0) : name;
    }

    private synchronized Set<String> names() {
        return Set.copyOf(cluster);
    }

    /** Returns which of the hosts of the cluster is which in Nova. */
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
        match = HostNameMatch.of(cluster, read);
        complete = match.toNova().keySet().containsAll(cluster);
        current = true;
    }

    private boolean due(Instant last) {
        return !clock.instant().isBefore(last.plus(PAUSE));
    }
}
