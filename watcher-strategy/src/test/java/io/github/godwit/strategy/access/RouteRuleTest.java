package io.github.godwit.strategy.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteRuleTest {

    @ParameterizedTest
    @CsvSource({
        "GET, v1, version:get_all, ",
        "GET, v1/audits, audit:get_all, ",
        "GET, v1/audits/, audit:get_all, ",
        "GET, v1/audits/detail, audit:detail, detail",
        "GET, v1/audits/4ab, audit:get, 4ab",
        "POST, v1/audits, audit:create, ",
        "PATCH, v1/audits/my%20audit+1, audit:update, my audit+1",
        "DELETE, v1/audits/4ab, audit:delete, 4ab",
        "POST, v1/action_plans/4ab/start, action_plan:start, 4ab",
        "GET, v1/strategies/dummy/state, strategy:state, dummy/state",
        "GET, v1/scoring_engines, scoring_engine:get_all, ",
        "GET, v1/audit_templates/x, audit_template:get, x",
        "GET, v1/data_model, data_model:get_all, ",
        "GET, v1/services, service:get_all, ",
        "POST, v1/webhooks/4ab, webhook:trigger, 4ab",
        "PUT, godwit/v1/policies/mine, policy:update, mine",
        "PUT, godwit/v1/technique_rules/project/p1, technique_rule:update, project/p1",
        "POST, godwit/v1/predictions, prediction:create, ",
        "POST, godwit/v1/strategies/hotspot/solutions, solution:create, ",
        "PUT, godwit/v1/hosts/h1/migrations/4ab, migration:start, 4ab",
        "GET, godwit/v1/hosts/h1/migrations/4ab, migration:get, 4ab",
        "DELETE, godwit/v1/hosts/h1/migrations/4ab, migration:cancel, 4ab",
        "POST, godwit/v1/session, session:sign_in, ",
        "GET, godwit/v1/events, event:get_all, "
    })
    void requestsHaveTheNamesOfWatchersPolicies(String method, String path, String name, String target) {
        RouteRule rule = RouteRule.of(method, path);
        assertThat(rule.name()).isEqualTo(name);
        assertThat(rule.target()).isEqualTo(target);
    }

    /** Jersey matches routes without matrix parameters and a last slash, and by the encoded path; so must the rule be found. */
    @ParameterizedTest
    @CsvSource({
        "POST, v1/audits;a=b, audit:create",
        "POST, v1;x/audits;y, audit:create",
        "POST, v1/audits/, audit:create",
        "POST, v1/action_plans/4ab/start/, action_plan:start",
        "DELETE, v1/audits/4ab/, audit:delete",
        "GET, v1/audits/4ab/, audit:get",
        "PUT, godwit/v1/hosts/h1/migrations/4ab/, migration:start",
        "PUT, godwit/v1/hosts/a%2Fb/migrations/4ab, migration:start",
        "PUT, godwit/v1/hosts;a/h1/migrations;b/4ab;c=d, migration:start"
    })
    void noWritingOfAPathEscapesItsRule(String method, String path, String name) {
        assertThat(RouteRule.of(method, path).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "GET v1/audits, 200, false",
        "POST godwit/v1/predictions, 200, false",
        "OPTIONS v1/audits, 200, false",
        "POST v1/nothing, 404, false",
        "PUT v1/nothing, 405, false",
        "POST v1/nothing, 201, true",
        "DELETE v1/audits/4ab, 404, true",
        "POST v1/action_plans/4ab/start/, 200, true"
    })
    void whatOnlyReadsOrComputesOrDoesNotExistChangesNothing(String request, int status, boolean changes) {
        String[] parts = request.split(" ", -1);
        assertThat(RouteRule.of(parts[0], parts[1]).changes(status)).isEqualTo(changes);
    }
}
