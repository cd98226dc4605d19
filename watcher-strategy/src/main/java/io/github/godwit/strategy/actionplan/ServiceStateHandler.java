package io.github.godwit.strategy.actionplan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.Cloud.HostService;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import java.util.Objects;

/**
 * {@code change_nova_service_state}: enables or disables a host for Nova's scheduler, with Watcher's parameters.
 *
 * <p>The state and the reason that the host had before are stored before anything is changed, so that a rollback can restore exactly
 * them. A host that has the wanted state already is left as it is, with its reason, because an administrator may have set it. For a host
 * that Nova does not know the action is skipped.
 */
final class ServiceStateHandler implements ActionHandler {

    /** Member of the result: state and reason of the host before the action. */
    static final String BEFORE = "before";

    /** Parameter of a rollback: the reason that the undone action gave. A host with another reason was disabled by somebody else. */
    static final String EXPECTED_REASON = "expected_reason";

    private static final String ENABLED = "enabled";
    private static final String DISABLED = "disabled";
    private static final String STATE = "state";
    private static final String DISABLED_REASON = "disabled_reason";

    private final Cloud cloud;

    ServiceStateHandler(Cloud cloud) {
        this.cloud = cloud;
    }

    /** Idempotent: a resumed action knows from its result what it found, and whether the current state is its own. */
    @Override
    public Result run(Action action, boolean resumed, Journal journal) {
        JsonNode parameters = action.parameters();
        String host = host(parameters);
        boolean enable = enables(parameters);
        String reason = reason(parameters);
        try {
            HostService now = cloud.hostService(host);
            JsonNode known = action.result() == null ? null : action.result().get(BEFORE);
            if (known == null) {
                known = view(now);
                journal.note(null, result(known));
            }
            if (!now.enabled() && disabledBySomebodyElse(parameters, now)) {
                return Result.skipped("Host %s has been disabled by somebody else since then (%s). It stays disabled."
                        .formatted(host, quoted(now.disabledReason())));
            }
            if (now.enabled() != enable) {
                cloud.setEnabled(host, enable, reason);
            } else if (enabled(known) == enable || !(enable || Objects.equals(reason, now.disabledReason()))) {
                return Result.skipped(
                        enable
                                ? "Host %s is enabled already.".formatted(host)
                                : "Host %s is disabled already (%s). It stays as it is, also in a rollback."
                                        .formatted(host, quoted(now.disabledReason())));
            }
            return new Result(
                    ActionState.SUCCEEDED,
                    "Host %s is %s.".formatted(host, enable ? ENABLED : DISABLED),
                    result(known));
        } catch (ServiceRefusal e) {
            return e.kind() == ServiceRefusal.Kind.NOT_FOUND
                    ? Result.skipped(e.getMessage())
                    : Result.failed(e.getMessage());
        }
    }

    /** Returns the host of an action. */
    static String host(JsonNode parameters) {
        return parameters
                .path("resource_name")
                .asText(parameters.path("resource_id").asText());
    }

    /** Returns whether an action enables its host. */
    static boolean enables(JsonNode parameters) {
        String state = parameters.path(STATE).asText();
        return switch (state) {
            case ENABLED, "up" -> true;
            case DISABLED, "down" -> false;
            default ->
                throw new IllegalArgumentException("The state '%s' of host %s must be enabled, up, disabled or down."
                        .formatted(state, host(parameters)));
        };
    }

    /** Returns the reason that an action gives for disabling a host. A rollback gives the one that the host had, which may be none. */
    private static String reason(JsonNode parameters) {
        boolean rollback = parameters.hasNonNull(Action.ROLLBACK_OF);
        return parameters.path(DISABLED_REASON).asText(rollback ? null : "disabled by an action plan");
    }

    private static boolean disabledBySomebodyElse(JsonNode parameters, HostService now) {
        return parameters.hasNonNull(EXPECTED_REASON)
                && !parameters.path(EXPECTED_REASON).asText().equals(now.disabledReason());
    }

    private static String quoted(String reason) {
        return reason == null ? "without a reason" : "\"%s\"".formatted(reason);
    }

    private static JsonNode result(JsonNode before) {
        ObjectNode result = Texts.mapper().createObjectNode();
        result.set(BEFORE, before);
        return result;
    }

    private static ObjectNode view(HostService service) {
        ObjectNode view = Texts.mapper().createObjectNode().put(STATE, service.enabled() ? ENABLED : DISABLED);
        if (service.disabledReason() != null) {
            view.put(DISABLED_REASON, service.disabledReason());
        }
        return view;
    }

    private static boolean enabled(JsonNode before) {
        return ENABLED.equals(before.path(STATE).asText());
    }

    /**
     * Returns the parameters that restore the state of the host before an action, or null if the action did not note it.
     *
     * @param action an action of this type that has changed the state of its host
     */
    static ObjectNode undone(Action action) {
        JsonNode before = action.result() == null ? null : action.result().get(BEFORE);
        if (before == null) {
            return null;
        }
        ObjectNode parameters = action.parameters().deepCopy();
        parameters.put(Action.ROLLBACK_OF, action.uuid().toString()); // so that no reason stays none
        parameters.remove(DISABLED_REASON);
        parameters.setAll((ObjectNode) before);
        if (!enables(action.parameters())) {
            parameters.put(EXPECTED_REASON, reason(action.parameters()));
        }
        return parameters;
    }

    /** Returns what an action with these parameters does, as a sentence without a full stop. */
    static String sentence(JsonNode parameters) {
        return enables(parameters)
                ? "Enable host " + host(parameters)
                : "Disable host %s again (%s)".formatted(host(parameters), quoted(reason(parameters)));
    }

    @Override
    public String cancel(Action action) {
        return null;
    }
}
