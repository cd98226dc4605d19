package io.github.godwit.strategy.store;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** The switch of the service, which all instances obey. */
public final class SwitchStore {

    /**
     * The state of the switch.
     *
     * @param enabled   whether the service acts
     * @param reason    why it does not; null if it does
     * @param changedAt when the switch was used last; null if never
     */
    public record State(boolean enabled, String reason, Instant changedAt) {}

    private static final Table<State> SWITCH = new Table<>(
            "service_switch",
            "enabled, reason, changed_at",
            (row, context) ->
                    new State(row.getBoolean("enabled"), row.getString("reason"), Rows.instant(row, "changed_at")));

    private final Clock clock;

    /** Takes the times of changes from this clock. */
    public SwitchStore(Clock clock) {
        this.clock = clock;
    }

    /** The state. */
    public State get(Handle handle) {
        return SWITCH.select(handle, "WHERE id = 1", Map.of()).one();
    }

    /** Changes the state. */
    public void set(Handle handle, boolean enabled, String reason) {
        SWITCH.update(
                handle,
                new Values().set("enabled", enabled).set("reason", reason).set("changed_at", clock.instant()),
                "id = 1",
                Map.of());
    }
}
