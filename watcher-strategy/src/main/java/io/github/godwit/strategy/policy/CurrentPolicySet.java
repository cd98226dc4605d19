package io.github.godwit.strategy.policy;

import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.select.TechniqueRule;
import io.github.godwit.model.select.TechniqueRule.Scope;
import io.github.godwit.model.traffic.TrafficClasses;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.objects.StoredPolicy;
import io.github.godwit.strategy.store.Database;
import io.github.godwit.strategy.store.PolicySetStore;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy set of this service: the newest version of each policy and traffic class, and the rules with the hosts that their aggregates
 * have in Nova now.
 * Whenever one of these has changed, the set gets the next version and a later time, which all instances share by the database.
 */
public final class CurrentPolicySet implements Supplier<PolicySet> {

    private static final Logger LOG = LoggerFactory.getLogger(CurrentPolicySet.class);

    private final Database database;
    private final Policies policies;
    private final TechniqueRules rules;
    private final Supplier<TrafficClasses> classes;
    private final Supplier<Map<String, Set<String>>> aggregates;
    private final Clock clock;
    private final PolicySetStore store = new PolicySetStore();

    /**
     * @param database   remembers the set
     * @param policies   the policies
     * @param rules      the rules
     * @param classes    the traffic classes
     * @param aggregates the hosts of each aggregate, by name; throws ServiceRefusal if Nova does not answer
     * @param clock      for the times of changes
     */
    public CurrentPolicySet(
            Database database,
            Policies policies,
            TechniqueRules rules,
            Supplier<TrafficClasses> classes,
            Supplier<Map<String, Set<String>>> aggregates,
            Clock clock) {
        this.database = database;
        this.policies = policies;
        this.rules = rules;
        this.classes = classes;
        this.aggregates = aggregates;
        this.clock = clock;
    }

    @Override
    public PolicySet get() {
        while (true) {
            PolicySet before = database.jdbi().withHandle(store::get);
            List<SloPolicy> now =
                    policies.all().stream().map(StoredPolicy::policy).toList();
            List<TechniqueRule> resolved = resolved(before.rules());
            TrafficClasses traffic = classes.get();
            if (now.equals(before.policies())
                    && resolved.equals(before.rules())
                    && traffic.equals(before.trafficClasses())) {
                return before;
            }
            PolicySet after = new PolicySet(before.version() + 1, after(before.changedAt()), now, resolved, traffic);
            if (database.jdbi().inTransaction(handle -> store.replace(handle, before, after))) {
                LOG.info("The policy set has version {} now", after.version());
                return after;
            }
        }
    }

    /** Now, but later than another time, for clocks of other instances may be ahead. */
    private Instant after(Instant other) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return now.isAfter(other) ? now : other.plusMillis(1);
    }

    private List<TechniqueRule> resolved(List<TechniqueRule> before) {
        List<TechniqueRule> all = rules.all();
        if (all.stream().noneMatch(rule -> rule.scope() == Scope.AGGREGATE)) {
            return all;
        }
        Map<String, Set<String>> hosts;
        try {
            hosts = aggregates.get();
        } catch (ServiceRefusal e) {
            LOG.warn("The rules for aggregates keep the hosts that Nova reported last: {}", e.getMessage());
            return all.stream().map(rule -> asBefore(rule, before)).toList();
        }
        return all.stream()
                .map(rule -> rule.scope() == Scope.AGGREGATE
                        ? rule.withHosts(hosts.getOrDefault(rule.name(), Set.of()))
                        : rule)
                .toList();
    }

    private static TechniqueRule asBefore(TechniqueRule rule, List<TechniqueRule> before) {
        return before.stream()
                .filter(old -> old.scope() == rule.scope() && old.name().equals(rule.name()))
                .findFirst()
                .map(old -> rule.withHosts(old.hosts()))
                .orElse(rule);
    }
}
