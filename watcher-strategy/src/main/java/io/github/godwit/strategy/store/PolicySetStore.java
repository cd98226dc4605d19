package io.github.godwit.strategy.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.strategy.common.Texts;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** The policy set that host drivers were given last, which gives all instances of the service the same versions. */
public final class PolicySetStore {

    private static final Table<PolicySet> SET =
            new Table<>("policy_set", "version, body", (row, context) -> read(row.getString("body")));

    private static PolicySet read(String body) {
        if (body.isEmpty()) {
            return PolicySet.shipped();
        }
        try {
            return Texts.mapper().readValue(body, PolicySet.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The database contains a malformed policy set.", e);
        }
    }

    /** The set. */
    public PolicySet get(Handle handle) {
        return SET.select(handle, "WHERE id = 1", Map.of()).one();
    }

    /**
     * Replaces the set, unless another instance has done so meanwhile.
     *
     * @param before the set that is replaced
     * @return whether it was
     */
    public boolean replace(Handle handle, PolicySet before, PolicySet after) {
        return handle.createUpdate(
                                "UPDATE policy_set SET version = :after, body = :body WHERE id = 1 AND version = :before")
                        .bind("after", after.version())
                        .bind("body", Texts.json(after))
                        .bind("before", before.version())
                        .execute()
                == 1;
    }
}
