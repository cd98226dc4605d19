package io.github.godwit.strategy.cluster;

import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.PolicySetVersion;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.traffic.TrafficClasses;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the policy set to host drivers, and puts the policy of an order into its request, so that it holds even where the handover failed.
 * Remembers which host drivers lack the set, and why. Thread-safe.
 */
final class PolicyHandover {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyHandover.class);

    private static final String OLDER =
            "Its host driver has an older release, which knows only the policies that ship. Upgrade it.";

    private static final String WITHOUT_TRAFFIC_CLASSES =
            "Its host driver has an older release, which knows only the traffic classes that ship. Upgrade it.";

    private final Map<URI, Omission> missing = new ConcurrentHashMap<>();
    private volatile Supplier<PolicySet> source = PolicySet::shipped;

    void use(Supplier<PolicySet> sets) {
        source = sets;
    }

    PolicySet current() {
        return source.get();
    }

    /** The host drivers that lack the set, as far as is known, and why. */
    List<Omission> missing() {
        return missing.values().stream()
                .sorted(Comparator.comparing(Omission::what))
                .toList();
    }

    /** Whether {@link #give} has anything to do for a host. */
    boolean concerns(URI url, HostStatus status, PolicySet set) {
        PolicySetVersion there = status.policies();
        return missing.containsKey(url) || there == null || !matches(there, set);
    }

    private static boolean matches(PolicySetVersion there, PolicySet set) {
        return there.version() == set.version() && there.changedAt().equals(set.changedAt());
    }

    /** Hands a set to a host driver that has an older one. */
    void give(HostDriverClient driver, HostStatus status, PolicySet set) {
        PolicySetVersion there = status.policies();
        if (there == null) {
            note(driver, status, set.wasChanged() ? OLDER : null);
        } else if (matches(there, set)) {
            note(driver, status, withoutClasses(there, set));
        } else if (!set.isNewerThan(there.version(), there.changedAt())) {
            note(
                    driver,
                    status,
                    set.wasChanged()
                            ? "Its host driver has policy set %d of %s, which is newer than set %d of this service. Another service hands out policies, or the database was restored: change a policy to hand out this one."
                                    .formatted(there.version(), there.changedAt(), set.version())
                            : null);
        } else {
            boolean older = there.trafficClasses() == null;
            String refusal = refusal(driver, older ? set.with(TrafficClasses.shipped()) : set);
            note(driver, status, refusal == null ? withoutClasses(there, set) : refusal);
        }
    }

    private static String withoutClasses(PolicySetVersion there, PolicySet set) {
        boolean older = there.trafficClasses() == null;
        return older && !set.trafficClasses().isAsShipped() ? WITHOUT_TRAFFIC_CLASSES : null;
    }

    /** Takes note of a host driver that does not answer. */
    void unreachable(HostDriverClient driver, PolicySet set, String reason) {
        if (set.wasChanged()) {
            remember(driver, new Omission(driver.url().toString(), reason));
        }
    }

    private static String refusal(HostDriverClient driver, PolicySet set) {
        try {
            driver.policies(set);
            return null;
        } catch (HostDriverException e) {
            return "Policy set %d could not be handed over: %s".formatted(set.version(), e.getMessage());
        }
    }

    private void note(HostDriverClient driver, HostStatus status, String reason) {
        if (reason == null) {
            missing.remove(driver.url());
        } else {
            remember(driver, new Omission(status.profile().name(), reason));
        }
    }

    private void remember(HostDriverClient driver, Omission omission) {
        if (!omission.equals(missing.put(driver.url(), omission))) {
            LOG.warn("{} lacks the policies of this service: {}", omission.what(), omission.reason());
        }
    }

    /**
     * The request for an order.
     *
     * @param url    base URL of the destination's host driver
     * @param status the source, as its host driver reports it
     * @throws ServiceRefusal if the source's host driver would have to choose by a policy that it cannot know
     */
    MigrationRequest request(MoveOrder order, URI url, HostStatus status, PolicySet set) {
        Optional<SloPolicy> policy = order.policy() == null ? Optional.empty() : set.find(order.policy());
        boolean older = status.policies() == null;
        if (older
                && order.decision() == null
                && policy.filter(PolicyHandover::ships).isEmpty()
                && order.policy() != null) {
            throw ServiceRefusal.conflict("%s must choose by %s. %s"
                    .formatted(order.source(), policy.map(SloPolicy::title).orElse("policy " + order.policy()), OLDER));
        }
        boolean adapts = status.reservations() != null && status.reservations().adapts();
        return MigrationRequest.of(order.vm(), url)
                .technique(order.technique())
                .policy(order.policy())
                .reservation(order.reservation())
                .timeLimit(order.timeLimit())
                .observed(order.observed())
                .decision(
                        older && order.decision() != null ? order.decision().withoutPolicyVersion() : order.decision())
                .id(order.id())
                .policyBody(older ? null : policy.orElse(null))
                .terms(adapts ? order.terms() : null)
                .build();
    }

    private static boolean ships(SloPolicy policy) {
        return PolicySet.shipped().policies().contains(policy);
    }
}
