package io.github.godwit.host.migrate.steps;

import io.github.godwit.hostapi.GatherStatus;
import io.github.godwit.hostapi.client.HostDriverException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Waits until the destination has the pages that wait on intermediaries; the source is free already.
 *
 * @param destination how far it is
 * @param patience    how long it may be out of reach
 * @param note        receives what an operator should know
 */
record GatherWait(Supplier<GatherStatus> destination, Duration patience, Consumer<String> note) {

    private static final Duration POLL = Duration.ofMillis(200);

    /**
     * Waits.
     *
     * @return how it ended; empty if the destination has finished it by itself
     * @throws IOException if pages are missing, or the destination was out of reach for too long
     */
    Optional<GatherStatus> await() throws IOException, InterruptedException {
        long reached = System.nanoTime();
        while (true) {
            try {
                GatherStatus status = destination.get();
                reached = System.nanoTime();
                switch (status.phase()) {
                    case DONE -> {
                        return Optional.of(status);
                    }
                    case FAILED ->
                        throw new IOException(
                                "The VM is on its destination and lacks pages that wait on intermediaries: %s. Do not stop it: restart the host driver of the destination, which gathers them again."
                                        .formatted(status.failure()));
                    default -> {}
                }
            } catch (HostDriverException e) {
                if (e.notFound()) {
                    return Optional.empty();
                }
                if (System.nanoTime() - reached > patience.toNanos()) {
                    throw new IOException(
                            "The source is free, but its destination has not been reached for %d s: %s"
                                    .formatted(patience.toSeconds(), e.getMessage()),
                            e);
                }
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }
}
