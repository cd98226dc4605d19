package io.github.godwit.strategy.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyRuleTest {

    @ParameterizedTest
    @CsvSource({
        "GET, v1/audits, audit:get_all",
        "GET, v1/audits/, audit:get_all",
        "GET, v1/audits/detail, audit:detail",
        "GET, v1/audits/4ab, audit:get",
        "POST, v1/audits, audit:create",
        "PATCH, v1/audits/4ab, audit:update",
        "DELETE, v1/audits/4ab, audit:delete",
        "POST, v1/action_plans/4ab/start, action_plan:start",
        "GET, v1/strategies/dummy/state, strategy:state",
        "GET, v1/scoring_engines, scoring_engine:get_all",
        "GET, v1/audit_templates/x, audit_template:get",
        "GET, v1/data_model, data_model:get_all",
        "GET, v1/services, service:get_all",
        "POST, v1/webhooks/4ab, webhook:trigger",
        "PUT, godwit/v1/policies/mine, policy:update",
        "POST, godwit/v1/predictions, prediction:create",
        "GET, godwit/v1/events, event:get_all"
    })
    void requestsHaveTheNamesOfWatchersPolicies(String method, String path, String name) {
        assertThat(PolicyRule.of(method, path).name()).isEqualTo(name);
    }

    @Test
    void theServiceRoleMayOnlyTriggerWebhooks() {
        PolicyRule list = PolicyRule.of("GET", "v1/audits");
        assertThat(Roles.DEFAULT.allow(list, Set.of("admin", "reader"))).isTrue();
        assertThat(Roles.DEFAULT.allow(list, Set.of("service"))).isFalse();
        assertThat(Roles.DEFAULT.allow(PolicyRule.WEBHOOK, Set.of("service"))).isTrue();
        assertThat(Roles.DEFAULT.allow(PolicyRule.WEBHOOK, Set.of("reader"))).isFalse();
    }
}
