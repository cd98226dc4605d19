package io.github.godwit.host.migrate.steps;

import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.hostapi.scatter.GatherStatus;
import io.github.godwit.hostapi.scatter.GatherStatus.Phase;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Waits until the destination has the pages that wait on intermediaries; the source is free already.
 *
 * @param destination how far it is
 * @param patience    how long it may be out of reach
 */
record GatherWait(Supplier<GatherStatus> destination, Duration patience) {

    private static final Duration POLL = Duration.ofMillis(200);

    /**
     * Waits.
     *
     * @return how it ended; empty if the destination has finished it by itself
     * @throws IOException if the destination has failed, or was out of reach, for too long
     */
    Optional<GatherStatus> await() throws IOException, InterruptedException {
        long fetching = System.nanoTime();
        while (true) {
            String reason;
            try {
                GatherStatus status = destination.get();
                if (status.phase() == Phase.DONE) {
                    return Optional.of(status);
                }
                reason = status.failure();
            } catch (HostDriverException e) {
                if (e.notFound()) {
                    return Optional.empty();
                }
                reason = e.getMessage();
            }
            if (reason.isEmpty()) {
                fetching = System.nanoTime();
            } else if (System.nanoTime() - fetching > patience.toNanos()) {
                throw new IOException(
                        "The VM is on its destination, and for %d s nobody fetched its pages from the intermediaries: %s. Do not stop it, and leave the intermediaries as they are: the host driver of the destination goes on as soon as it can."
                                .formatted(patience.toSeconds(), reason));
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }
}
