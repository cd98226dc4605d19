package io.github.godwit.strategy.load;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.nova.Nova;
import io.github.godwit.nova.OpenStackException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instance names of Nova's servers ({@code OS-EXT-SRV-ATTR:instance_name}), such as {@code instance-000073be}. They never change, so
 * Nova is asked only when a VM appears whose name is unknown, and again after a while if Nova did not know it. Thread-safe.
 */
public final class NovaInstanceNames implements InstanceNames {

    private static final Logger LOG = LoggerFactory.getLogger(NovaInstanceNames.class);
    private static final Duration ASK_AGAIN = Duration.ofMinutes(5);

    private final Nova nova;
    private final InstantSource clock;
    private volatile Known known = new Known(Map.of(), Set.of(), Instant.MIN);

    private record Known(Map<String, String> names, Set<String> without, Instant at) {}

    /**
     * @param nova  Nova's API
     * @param clock current time
     */
    public NovaInstanceNames(Nova nova, InstantSource clock) {
        this.nova = nova;
        this.clock = clock;
    }

    /** {@inheritDoc} If Nova does not answer, those that were known before are returned. */
    @Override
    public Map<String, String> of(Collection<VmStatus> vms) {
        Known last = known;
        Set<String> without = vms.stream()
                .map(VmStatus::name)
                .filter(name -> !last.names().containsKey(name))
                .collect(Collectors.toUnmodifiableSet());
        boolean old = clock.instant().minus(ASK_AGAIN).isAfter(last.at());
        if (last.without().containsAll(without) && (without.isEmpty() || !old)) {
            return last.names();
        }
        try {
            Map<String, String> names = nova.servers().stream()
                    .filter(server -> !server.domain().isBlank())
                    .collect(Collectors.toUnmodifiableMap(Nova.Server::id, Nova.Server::domain, (one, other) -> one));
            Set<String> still =
                    without.stream().filter(name -> !names.containsKey(name)).collect(Collectors.toUnmodifiableSet());
            known = new Known(names, still, clock.instant());
            return names;
        } catch (OpenStackException e) {
            LOG.warn("Nova's instance names cannot be read: {}", e.getMessage());
            return last.names();
        }
    }
}
