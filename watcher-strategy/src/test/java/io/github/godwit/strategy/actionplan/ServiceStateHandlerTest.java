package io.github.godwit.strategy.actionplan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.godwit.strategy.actionplan.ActionHandler.Result;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.Cloud.HostService;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.objects.PlanDraft.Step;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ServiceStateHandlerTest {

    private static final String OURS = "godwit: maintenance";
    private static final HostService ENABLED = new HostService(true, null);

    private HostService service = ENABLED;
    private final List<JsonNode> noted = new ArrayList<>();

    private final Cloud cloud = (Cloud) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {Cloud.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("setEnabled")) {
                    assertThat(noted).as("what was there before is noted first").isNotEmpty();
                    boolean enabled = (Boolean) arguments[1];
                    service = new HostService(enabled, enabled ? null : (String) arguments[2]);
                    return null;
                }
                assertThat(method.getName()).isEqualTo("hostService");
                if (service == null) {
                    throw ServiceRefusal.notFound("Nova has no nova-compute on host '%s'.".formatted(arguments[0]));
                }
                return service;
            });

    private final Action disable = action(Step.disable("h2", OURS, List.of()).parameters());

    private static Action action(JsonNode parameters) {
        return Action.pending(new UUID(0, 1), "change_nova_service_state", List.of(), "", parameters, Instant.EPOCH);
    }

    private static Action with(Action action, ActionState state, JsonNode result) {
        return new Action(
                1,
                action.uuid(),
                action.planUuid(),
                action.type(),
                state,
                action.parents(),
                action.description(),
                action.parameters(),
                null,
                result,
                action.createdAt(),
                null);
    }

    private Result run(Action action) {
        noted.clear();
        return new ServiceStateHandler(cloud).run(action, false, (message, result) -> noted.add(result));
    }

    private Action rollback(Result done) {
        return RollbackSteps.of(new UUID(0, 1), List.of(with(disable, done.state(), done.result())), Instant.EPOCH)
                .get(0);
    }

    @Test
    void aHostThatThePlanDisabledIsEnabledAgain() {
        Result done = run(disable);
        assertThat(service).isEqualTo(new HostService(false, OURS));
        assertThat(done.state()).isEqualTo(ActionState.SUCCEEDED);
        assertThat(done.result().path("before").path("state").asText()).isEqualTo("enabled");

        Action back = rollback(done);
        assertThat(back.description()).isEqualTo("Roll back. Enable host h2");
        assertThat(run(back).state()).isEqualTo(ActionState.SUCCEEDED);
        assertThat(service).isEqualTo(ENABLED);
    }

    @Test
    void aHostThatSomebodyElseHadDisabledStaysAsItIs() {
        service = new HostService(false, "bad DIMM in slot 4");
        Result done = run(disable);
        assertThat(done.state()).isEqualTo(ActionState.SKIPPED);
        assertThat(done.message())
                .isEqualTo(
                        "Host h2 is disabled already (\"bad DIMM in slot 4\"). It stays as it is, also in a rollback.");
        assertThat(service).isEqualTo(new HostService(false, "bad DIMM in slot 4"));
        assertThat(RollbackSteps.of(new UUID(0, 1), List.of(with(disable, done.state(), done.result())), Instant.EPOCH))
                .isEmpty();
    }

    @Test
    void aHostThatAnAdministratorDisablesDuringThePlanIsNotEnabledByTheRollback() {
        Action back = rollback(run(disable));
        service = new HostService(false, "bad DIMM in slot 4");
        Result done = run(back);
        assertThat(done.state()).isEqualTo(ActionState.SKIPPED);
        assertThat(done.message()).contains("by somebody else", "bad DIMM in slot 4");
        assertThat(service.disabledReason()).isEqualTo("bad DIMM in slot 4");
    }

    @Test
    void aHostThatThePlanEnabledIsDisabledAgainWithItsReason() {
        service = new HostService(false, "bad DIMM in slot 4");
        Action enable = action(
                JsonNodeFactory.instance.objectNode().put("resource_id", "h2").put("state", "enabled"));
        Result done = run(enable);
        assertThat(service).isEqualTo(ENABLED);
        Action back = RollbackSteps.of(
                        new UUID(0, 1), List.of(with(enable, done.state(), done.result())), Instant.EPOCH)
                .get(0);
        assertThat(back.description()).isEqualTo("Roll back. Disable host h2 again (\"bad DIMM in slot 4\")");
        assertThat(run(back).state()).isEqualTo(ActionState.SUCCEEDED);
        assertThat(service).isEqualTo(new HostService(false, "bad DIMM in slot 4"));
    }

    @Test
    void forAHostThatNovaDoesNotKnowTheActionIsSkipped() {
        service = null;
        Result done = run(disable);
        assertThat(done.state()).isEqualTo(ActionState.SKIPPED);
        assertThat(done.message()).isEqualTo("Nova has no nova-compute on host 'h2'.");
    }

    @Test
    void aResumedActionKnowsItsOwnChange() {
        Result done = run(disable);
        Action resumed = with(disable, ActionState.ONGOING, done.result());
        Result again = run(resumed);
        assertThat(again.state()).isEqualTo(ActionState.SUCCEEDED);
        assertThat(again.result()).isEqualTo(done.result());
        assertThat(noted).isEmpty();
    }
}
