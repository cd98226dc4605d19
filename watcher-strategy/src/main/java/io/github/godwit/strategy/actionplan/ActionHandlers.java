package io.github.godwit.strategy.actionplan;

import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.events.Events;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The handlers of all types of action. */
public final class ActionHandlers {

    private final Map<String, ActionHandler> byType;

    private ActionHandlers(Map<String, ActionHandler> byType) {
        this.byType = Map.copyOf(byType);
    }

    /** The handlers of the actions that need no Nova, or that do without it what they can. */
    public static ActionHandlers of(Cloud cloud, Events events, Clock clock) {
        return new ActionHandlers(Map.of(
                "nop", new NopHandler(),
                "sleep", new SleepHandler(clock),
                "migrate", new MigrateHandler(cloud, events),
                "change_nova_service_state", new ServiceStateHandler(cloud)));
    }

    /** The same handlers with others for some types, which may be new ones. */
    public ActionHandlers with(Map<String, ActionHandler> others) {
        Map<String, ActionHandler> all = new HashMap<>(byType);
        all.putAll(others);
        return new ActionHandlers(all);
    }

    /** The handler of a type, or nothing for an unknown type. */
    public Optional<ActionHandler> find(String type) {
        return Optional.ofNullable(byType.get(type));
    }

    /** All types, separated by commas, for error messages. */
    String types() {
        return String.join(", ", byType.keySet().stream().sorted().toList());
    }
}
