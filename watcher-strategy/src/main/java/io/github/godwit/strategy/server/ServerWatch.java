package io.github.godwit.strategy.server;

import io.github.godwit.strategy.actionplan.ActionHandler.Journal;
import io.github.godwit.strategy.actionplan.ActionHandler.Result;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.Cloud.ServerState;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Polls Nova about one server until an action on it has ended, because Nova's API has no events. */
final class ServerWatch {

    private final Cloud cloud;
    private final Duration poll;

    /**
     * @param cloud provides the state of servers
     * @param poll  time between two requests
     */
    ServerWatch(Cloud cloud, Duration poll) {
        this.cloud = cloud;
        this.poll = poll;
    }

    /**
     * Waits for the end of an action. While Nova does not answer, it is waited for, which the journal says.
     *
     * @param id      UUID of the server
     * @param atMost  after this time the action has failed
     * @param verdict returns the result of the action from the state of the server, which is nothing if it does not exist; or nothing as
     *                long as the action goes on
     * @throws InterruptedException if this instance is stopping
     */
    Result until(String id, Duration atMost, Journal journal, Function<Optional<ServerState>, Optional<Result>> verdict)
            throws InterruptedException {
        long begun = System.nanoTime();
        boolean silent = false;
        while (System.nanoTime() - begun < atMost.toNanos()) {
            Optional<ServerState> state;
            try {
                state = cloud.server(id);
            } catch (ServiceRefusal e) {
                if (!silent) {
                    journal.note("Waiting. " + e.getMessage(), null);
                }
                silent = true;
                pause();
                continue;
            }
            if (silent) {
                journal.note(null, null);
                silent = false;
            }
            Optional<Result> result = verdict.apply(state);
            if (result.isPresent()) {
                return result.get();
            }
            pause();
        }
        return Result.failed("Nova has not ended this within %d s. It may still end; check server %s."
                .formatted(atMost.toSeconds(), id));
    }

    private void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(poll.toMillis());
    }
}
