package io.github.godwit.strategy.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.StoredPolicy;
import io.github.godwit.strategy.store.Database;
import java.io.StringReader;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * The SLO policies: those that ship, and what operators changed or added. A change makes a new version; a plan that was made
 * under an earlier one names its policy, and the versions tell what it said then.
 */
public final class Policies {

    private final Database database;
    private final Clock clock;
    private final Map<String, SloPolicy> shipped = new LinkedHashMap<>();

    /** Reads and writes this database. */
    public Policies(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
        SloPolicies.shipped().all().forEach(policy -> shipped.put(policy.name(), policy));
    }

    /** The newest version of each policy: those that ship first, then by when they were made. */
    public List<StoredPolicy> all() {
        Map<String, StoredPolicy> newest = new LinkedHashMap<>();
        shipped.forEach((name, policy) -> newest.put(name, new StoredPolicy(policy, 0, null)));
        for (StoredPolicy stored : stored("deleted_at IS NULL ORDER BY id")) {
            newest.put(stored.policy().name(), stored);
        }
        return List.copyOf(newest.values());
    }

    /**
     * The newest version of a policy.
     *
     * @throws ServiceRefusal when there is none of this name
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

    /** All versions of a policy that were ever given, oldest first, the one that ships among them. */
    public List<StoredPolicy> versions(String name) {
        List<StoredPolicy> versions = new ArrayList<>();
        if (shipped.containsKey(name)) {
            versions.add(new StoredPolicy(shipped.get(name), 0, null));
        }
        stored("1 = 1 ORDER BY id").stream()
                .filter(stored -> stored.policy().name().equals(name))
                .forEach(versions::add);
        if (versions.isEmpty()) {
            throw ServiceRefusal.notFound("There is no policy '%s'.".formatted(name));
        }
        return versions;
    }

    private List<StoredPolicy> stored(String condition) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "SELECT version, body, created_at FROM policies WHERE " + condition)
                        .map((row, context) -> new StoredPolicy(
                                read(Texts.tree(row.getString("body"))),
                                row.getInt("version"),
                                Instant.ofEpochMilli(row.getLong("created_at"))))
                        .list());
    }

    /**
     * Gives a policy its next version, or makes a new one.
     *
     * @throws ServiceRefusal when it is not a policy, or is named otherwise
     */
    public StoredPolicy put(String name, JsonNode body) {
        SloPolicy policy = read(body);
        if (!policy.name().equals(name)) {
            throw ServiceRefusal.invalid("The policy is named '%s', its address '%s'.".formatted(policy.name(), name));
        }
        return database.jdbi().inTransaction(handle -> {
            int version = newestVersion(handle, name) + 1;
            handle.createUpdate(
                            "INSERT INTO policies (name, version, body, created_at) VALUES (:name, :version, :body, :now)")
                    .bind("name", name)
                    .bind("version", version)
                    .bind("body", Texts.json(body))
                    .bind("now", clock.millis())
                    .execute();
            return new StoredPolicy(policy, version, clock.instant());
        });
    }

    private static int newestVersion(Handle handle, String name) {
        return handle.createQuery("SELECT COALESCE(MAX(version), 0) FROM policies WHERE name = :name")
                .bind("name", name)
                .mapTo(Integer.class)
                .one();
    }

    /**
     * Takes back what operators made of a policy: one that ships is as it shipped again, another is gone.
     *
     * @throws ServiceRefusal when nobody made anything of it
     */
    public void delete(String name) {
        int deleted = database.jdbi()
                .inTransaction(handle -> handle.createUpdate(
                                "UPDATE policies SET deleted_at = :now WHERE name = :name AND deleted_at IS NULL")
                        .bind("now", clock.millis())
                        .bind("name", name)
                        .execute());
        if (deleted == 0) {
            if (shipped.containsKey(name)) {
                throw ServiceRefusal.conflict("Policy '%s' is as it shipped. It cannot be deleted.".formatted(name));
            }
            throw ServiceRefusal.notFound("There is no policy '%s'.".formatted(name));
        }
    }

    private static SloPolicy read(JsonNode body) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.putArray("policies").add(body);
        try {
            return SloPolicies.read(new StringReader(Texts.json(document)))
                    .all()
                    .iterator()
                    .next();
        } catch (IllegalArgumentException e) {
            throw ServiceRefusal.invalid(e.getMessage());
        }
    }
}
