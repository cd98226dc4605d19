package io.github.godwit.strategy.actionplan;

import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code sleep}: waits for a number of seconds; a resumed action waits for the rest of them. */
final class SleepHandler implements ActionHandler {

    private final Clock clock;
    private final Map<UUID, CountDownLatch> cancelled = new ConcurrentHashMap<>();

    SleepHandler(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Result run(Action action, boolean resumed, Journal journal) throws InterruptedException {
        double seconds = action.parameters().path("duration").asDouble(-1);
        if (!(seconds >= 0)) {
            return Result.failed("Action sleep needs the parameter duration: seconds, at least 0.");
        }
        Instant began = resumed && action.updatedAt() != null ? action.updatedAt() : clock.instant();
        Duration left = Duration.between(clock.instant(), began.plusMillis(Math.round(1e3 * seconds)));
        CountDownLatch latch = cancelled.computeIfAbsent(action.uuid(), uuid -> new CountDownLatch(1));
        try {
            boolean called = latch.await(Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS);
            return called ? new Result(ActionState.CANCELLED, null, null) : Result.succeeded(null);
        } finally {
            cancelled.remove(action.uuid());
        }
    }

    @Override
    public String cancel(Action action) {
        cancelled.computeIfAbsent(action.uuid(), uuid -> new CountDownLatch(1)).countDown();
        return null;
    }
}
