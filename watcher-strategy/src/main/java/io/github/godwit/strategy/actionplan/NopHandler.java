package io.github.godwit.strategy.actionplan;

import io.github.godwit.strategy.objects.Action;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code nop}: writes its message to the log. */
final class NopHandler implements ActionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(NopHandler.class);

    @Override
    public Result run(Action action, boolean resumed, Journal journal) {
        if (!resumed) {
            LOG.info("nop: {}", action.parameters().path("message").asText());
        }
        return Result.succeeded(null);
    }

    @Override
    public String cancel(Action action) {
        return null;
    }
}
