package io.github.godwit.host.nova;

import io.github.godwit.host.migrate.MigrationCancelledException;
import io.github.godwit.host.migrate.OngoingMigration;
import io.github.godwit.host.nova.PendingNovaMigration.FromNova;
import io.github.godwit.host.nova.PendingNovaMigration.Signal;
import java.time.Duration;
import java.util.Optional;

/**
 * Waits for nova-compute's question. It comes after Nova's queue ({@code max_concurrent_live_migrations}), its scheduler and its checks on
 * both hosts, which can take hours: a decision is kept as long as whoever ordered the migration asks how it stands. No bandwidth is reserved
 * meanwhile.
 */
final class QuestionWait {

    /** From the decision to nova-compute's question, without anybody who follows the migration. */
    static final Duration UNFOLLOWED = Duration.ofMinutes(2);

    /** From the decision to nova-compute's question, whoever follows the migration. */
    static final Duration LONGEST = Duration.ofHours(12);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private QuestionWait() {}

    /** Returns the question. */
    static NovaMessage question(OngoingMigration run, PendingNovaMigration pending)
            throws InterruptedException, MigrationCancelledException {
        long begin = System.nanoTime();
        while (true) {
            Signal signal = pending.next(LOOK_EVERY);
            run.stopIfCancelled();
            if (signal instanceof FromNova nova) {
                if (nova.message().message() == NovaMessage.Kind.ASK) {
                    return nova.message();
                }
                if (nova.message().message().isEnd()) {
                    throw new MigrationCancelledException(
                            "Nova gave up: " + nova.message().words());
                }
            }
            Optional<String> given = surrender(Duration.ofNanos(System.nanoTime() - begin), run.unfollowed());
            if (given.isPresent()) {
                throw new MigrationCancelledException(given.get());
            }
        }
    }

    /**
     * Why the question is not waited for any longer, or nothing.
     *
     * @param waited     for how long it has been waited for
     * @param unfollowed for how long nobody has asked how the migration stands
     */
    static Optional<String> surrender(Duration waited, Duration unfollowed) {
        if (waited.compareTo(LONGEST) >= 0) {
            return Optional.of("nova-compute did not ask within %d h".formatted(LONGEST.toHours()));
        }
        return waited.compareTo(UNFOLLOWED) >= 0 && unfollowed.compareTo(UNFOLLOWED) >= 0
                ? Optional.of("nova-compute did not ask within %d s, and nobody follows the migration"
                        .formatted(UNFOLLOWED.toSeconds()))
                : Optional.empty();
    }
}
