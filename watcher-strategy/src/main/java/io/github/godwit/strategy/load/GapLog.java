package io.github.godwit.strategy.load;

import io.github.godwit.strategy.cluster.Omission;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs each gap when it appears or its reason changes, and when it ends; not each time that it is seen. Thread-safe. */
final class GapLog {

    private static final Logger LOG = LoggerFactory.getLogger(GapLog.class);

    private Map<String, String> known = Map.of();

    /**
     * Takes note of the gaps of a snapshot.
     *
     * @param present the hosts and VMs that it contains, in the form of {@link LoadGap#owner}
     * @return the gaps that are new
     */
    synchronized List<LoadGap> see(List<LoadGap> gaps, Set<String> present) {
        Map<String, String> now = gaps.stream()
                .collect(Collectors.toMap(LoadGap::owner, LoadGap::kind, (one, other) -> one, TreeMap::new));
        List<LoadGap> fresh = gaps.stream()
                .filter(gap -> !gap.kind().equals(known.get(gap.owner())))
                .toList();
        for (Omission each : LoadGap.told(fresh)) {
            LOG.warn("Incomplete {}: {}", each.what(), each.reason());
        }
        List<String> ended = known.keySet().stream()
                .filter(owner -> !now.containsKey(owner) && present.contains(owner))
                .toList();
        if (!ended.isEmpty()) {
            LOG.info("The load is complete again of {}.", String.join(", ", ended));
        }
        known = now;
        return fresh;
    }
}
