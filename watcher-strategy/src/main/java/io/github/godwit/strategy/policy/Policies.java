package io.github.godwit.strategy.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.model.select.PolicyForm;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.TextRule;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.StoredPolicy;
import io.github.godwit.strategy.store.Database;
import io.github.godwit.strategy.store.PolicyStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The SLO policies: those that ship, and those that operators changed or added. A change adds a version; earlier versions
 * remain, so that the policy of an earlier plan can be looked up.
 */
public final class Policies {

    private final Database database;
    private final PolicyStore store;
    private final Map<String, SloPolicy> shipped = new LinkedHashMap<>();

    /** Reads and writes this database; takes the times of changes from the clock. */
    public Policies(Database database, Clock clock) {
        this.database = database;
        this.store = new PolicyStore(clock);
        SloPolicies.shipped().all().forEach(policy -> shipped.put(policy.name(), policy));
    }

    /** The newest version of each policy: first those that ship, then the others in the order of their creation. */
    public List<StoredPolicy> all() {
        Map<String, StoredPolicy> newest = new LinkedHashMap<>();
        shipped.forEach((name, policy) -> newest.put(name, new StoredPolicy(policy, null)));
        database.jdbi().withHandle(store::current).stream()
                .map(Policies::stored)
                .forEach(stored -> newest.put(stored.policy().name(), stored));
        return List.copyOf(newest.values());
    }

    /**
     * The newest version of a policy.
     *
     * @throws ServiceRefusal if there is no policy of this name
     */
    public StoredPolicy get(String name) {
        return all().stream()
                .filter(stored -> stored.policy().name().equals(name))
                .findFirst()
                .orElseThrow(() -> ServiceRefusal.notFound("There is no policy '%s'. Choose one of %s."
                        .formatted(
                                name,
                                String.join(
                                        ", ",
                                        all().stream()
                                                .map(stored -> stored.policy().name())
                                                .toList()))));
    }

    /**
     * All versions of a policy, oldest first, including the one that ships and deleted ones.
     *
     * @throws ServiceRefusal if there is no policy of this name
     */
    public List<StoredPolicy> versions(String name) {
        List<StoredPolicy> versions = new ArrayList<>();
        if (shipped.containsKey(name)) {
            versions.add(new StoredPolicy(shipped.get(name), null));
        }
        database.jdbi().withHandle(store::all).stream()
                .map(Policies::stored)
                .filter(stored -> stored.policy().name().equals(name))
                .forEach(versions::add);
        if (versions.isEmpty()) {
            throw ServiceRefusal.notFound("There is no policy '%s'.".formatted(name));
        }
        return versions;
    }

    private static StoredPolicy stored(PolicyStore.Version version) {
        return new StoredPolicy(read(version.body()).withVersion(version.version()), version.createdAt());
    }

    /**
     * Adds a version to a policy, or a new policy.
     *
     * @param name the policy's name
     * @param body the policy as JSON, in the form of the policies file
     * @throws ServiceRefusal if the body is not a policy, or has another name
     */
    public StoredPolicy put(String name, JsonNode body) {
        TextRule.POLICY.check(body);
        SloPolicy policy = read(body);
        TextRule.POLICY_NAME.check(policy.name());
        TextRule.SCENARIO.check(policy.scenario());
        if (!policy.name().equals(name)) {
            throw ServiceRefusal.invalid(
                    "The body has the name '%s', the URL has '%s'. Send the policy to the URL of its name."
                            .formatted(policy.name(), name));
        }
        return stored(database.jdbi().inTransaction(handle -> store.add(handle, name, body)));
    }

    /**
     * Deletes the versions that operators stored: a policy that ships returns to its shipped version, another one is deleted.
     *
     * @throws ServiceRefusal if there are no such versions
     */
    public void delete(String name) {
        if (!database.jdbi().inTransaction(handle -> store.delete(handle, name))) {
            if (shipped.containsKey(name)) {
                throw ServiceRefusal.conflict(
                        "Policy '%s' ships with Godwit and was not changed. It cannot be deleted.".formatted(name));
            }
            throw ServiceRefusal.notFound("There is no policy '%s'.".formatted(name));
        }
    }

    private static SloPolicy read(JsonNode body) {
        try {
            return PolicyForm.read(Texts.mapper().convertValue(body, Object.class));
        } catch (IllegalArgumentException e) {
            throw ServiceRefusal.invalid(e.getMessage());
        }
    }
}
