package io.github.godwit.strategy.actionplan;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.objects.Action;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code nop}: writes its message to the log. As in Watcher, its parameters {@code skip_pre_condition}, {@code fail_pre_condition},
 * {@code fail_execute} and {@code fail_post_condition} make it end otherwise, to try out what a plan does then.
 */
final class NopHandler implements ActionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(NopHandler.class);
    private static final List<String> FAILURES = List.of("fail_execute", "fail_post_condition");

    @Override
    public Result run(Action action, boolean resumed, Journal journal) {
        JsonNode parameters = action.parameters();
        if (parameters.path("skip_pre_condition").asBoolean()) {
            return Result.skipped("The action was skipped: its parameter skip_pre_condition is true.");
        }
        if (parameters.path("fail_pre_condition").asBoolean()) {
            return failed("fail_pre_condition");
        }
        if (!resumed) {
            LOG.info("nop: {}", parameters.path("message").asText());
        }
        return FAILURES.stream()
                .filter(failure -> parameters.path(failure).asBoolean())
                .findFirst()
                .map(NopHandler::failed)
                .orElseGet(() -> Result.succeeded(null));
    }

    private static Result failed(String parameter) {
        return Result.failed("The action failed: its parameter %s is true.".formatted(parameter));
    }

    @Override
    public String cancel(Action action) {
        return null;
    }
}
