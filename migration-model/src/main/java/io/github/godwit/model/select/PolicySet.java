package io.github.godwit.model.select;

import io.github.godwit.model.technique.TechniqueConstraint;
import io.github.godwit.model.traffic.TrafficClasses;
import io.github.godwit.model.unit.Checks;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that an operator wants of migrations: the policies, the rules for projects and aggregates, and the traffic classes. The service is
 * its source. Every host driver has a copy. Of two sets the one that was changed last holds.
 *
 * @param version   counts the changes; 0 for what ships
 * @param changedAt when it was changed; 1970 for what ships
 * @param policies  the policies, each with a name of its own
 * @param rules     the rules, at most one for each project and aggregate
 * @param trafficClasses the traffic classes with their SLA bounds
 */
public record PolicySet(
        long version,
        Instant changedAt,
        List<SloPolicy> policies,
        List<TechniqueRule> rules,
        TrafficClasses trafficClasses) {

    private static final PolicySet SHIPPED =
            of(0, Instant.EPOCH, List.copyOf(SloPolicies.shipped().all()));

    /**
     * Copies the lists; missing rules are none, missing traffic classes are those that ship.
     *
     * @throws IllegalArgumentException when a part is missing, there is no policy, or a name occurs twice
     */
    public PolicySet {
        Checks.notNegative("version of the policy set", version);
        Checks.present("changedAt of the policy set", changedAt);
        policies = List.copyOf(Checks.present("policies of the policy set", policies));
        rules = rules == null ? List.of() : List.copyOf(rules);
        trafficClasses = trafficClasses == null ? TrafficClasses.shipped() : trafficClasses;
        if (policies.isEmpty()) {
            throw new IllegalArgumentException("The policy set has no policy. Add at least one.");
        }
        requireOnce(policies.stream().map(SloPolicy::name).toList(), "two policies '%s'");
        requireOnce(rules.stream().map(rule -> rule.scope() + " " + rule.name()).toList(), "two rules for %s");
    }

    /** A set with the traffic classes that ship. */
    public PolicySet(long version, Instant changedAt, List<SloPolicy> policies, List<TechniqueRule> rules) {
        this(version, changedAt, policies, rules, null);
    }

    private static void requireOnce(List<String> names, String what) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw new IllegalArgumentException("The policy set has %s. Keep one.".formatted(what.formatted(name)));
            }
        }
    }

    /** What ships with Godwit. */
    public static PolicySet shipped() {
        return SHIPPED;
    }

    /** A set without rules. */
    public static PolicySet of(long version, Instant changedAt, List<SloPolicy> policies) {
        return new PolicySet(version, changedAt, policies, List.of());
    }

    /** The same set with other traffic classes. */
    public PolicySet with(TrafficClasses other) {
        return new PolicySet(version, changedAt, policies, rules, other);
    }

    /** Whether an operator changed it. A set that nobody changed is handed to nobody. */
    public boolean wasChanged() {
        return !changedAt.equals(Instant.EPOCH);
    }

    /** Whether this set was changed after the one with the other version and time. */
    public boolean isNewerThan(long otherVersion, Instant otherChangedAt) {
        int order = changedAt.compareTo(otherChangedAt);
        return order > 0 || (order == 0 && version > otherVersion);
    }

    /** The policy of this name, if there is one. */
    public Optional<SloPolicy> find(String name) {
        return policies.stream().filter(policy -> policy.name().equals(name)).findFirst();
    }

    /**
     * The policy of this name.
     *
     * @throws IllegalArgumentException when there is none; the message lists all names
     */
    public SloPolicy policy(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException("There is no policy '%s'. Choose one of %s."
                        .formatted(name, policies.stream().map(SloPolicy::name).collect(Collectors.joining(", ")))));
    }

    /**
     * What the rules say about a migration: first those for aggregates, then that for the project.
     *
     * @param hosts   source and destination, by name; the rules of both hosts' aggregates hold
     * @param project the server's project, if it is known
     */
    public TechniqueConstraint constraint(Set<String> hosts, Optional<String> project) {
        return rules.stream()
                .filter(rule -> rule.concerns(hosts, project))
                .sorted(Comparator.comparing(TechniqueRule::scope))
                .map(TechniqueRule::constraint)
                .reduce(TechniqueConstraint.NONE, TechniqueConstraint::narrowedBy);
    }
}
