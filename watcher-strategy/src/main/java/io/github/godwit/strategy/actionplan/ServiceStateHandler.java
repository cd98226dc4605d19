package io.github.godwit.strategy.actionplan;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.objects.Action;

/** {@code change_nova_service_state}: enables or disables a host for Nova's scheduler, with Watcher's parameters. */
final class ServiceStateHandler implements ActionHandler {

    private static final String DISABLED = "disabled";
    private static final String REASON = "disabled by an action plan";

    private final Cloud cloud;

    ServiceStateHandler(Cloud cloud) {
        this.cloud = cloud;
    }

    /** Idempotent, so that a resumed action simply runs again. */
    @Override
    public Result run(Action action, boolean resumed) {
        JsonNode parameters = action.parameters();
        String host = parameters
                .path("resource_name")
                .asText(parameters.path("resource_id").asText());
        String state = parameters.path("state").asText();
        boolean enabled = switch (state) {
            case "enabled", "up" -> true;
            case DISABLED, "down" -> false;
            default ->
                throw new IllegalArgumentException(
                        "The state '%s' of host %s must be enabled, up, disabled or down.".formatted(state, host));
        };
        try {
            cloud.setEnabled(host, enabled, parameters.path("disabled_reason").asText(REASON));
            return Result.succeeded("Host %s is %s.".formatted(host, enabled ? "enabled" : DISABLED));
        } catch (ServiceRefusal e) {
            return Result.failed(e.getMessage());
        }
    }

    @Override
    public String cancel(Action action) {
        return null;
    }
}
