package io.github.godwit.strategy.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * The input of a strategy.
 *
 * @param goal       name of the goal
 * @param strategy   name of the strategy
 * @param parameters its parameters, including defaults
 * @param scope      the part of the cluster that it may change, in Watcher's format
 */
public record AuditQuestion(String goal, String strategy, JsonNode parameters, JsonNode scope) {

    /** Returns the same question with other names of hosts. */
    AuditQuestion named(UnaryOperator<String> names) {
        return new AuditQuestion(
                goal, strategy, HostParameters.named(parameters, names), HostParameters.scope(scope, names));
    }

    /** What happens after a failed action: the parameter {@code on_failure}, by default the independent actions continue. */
    OnFailure onFailure() {
        return OnFailure.valueOf(parameters.path("on_failure").asText("go_on").toUpperCase(Locale.ROOT));
    }
}
