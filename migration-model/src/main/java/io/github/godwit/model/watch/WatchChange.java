package io.github.godwit.model.watch;

import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.watch.SecondChoice.SecondAttempt;
import java.time.Duration;

/** What is changed about a migration while it runs. Its outcome then says nothing about the prediction for its technique. */
public sealed interface WatchChange {

    /** What an operator should know, as a sentence. */
    String note();

    /** The same as the rest of a sentence that begins with "because". */
    String clause();

    /**
     * QEMU's {@code downtime-limit} is raised.
     *
     * @param limit the new limit
     */
    record RaiseDowntimeLimit(Duration limit) implements WatchChange {
        @Override
        public String note() {
            return "The downtime limit was raised to %d ms, within the SLO, because the rounds of pre-copy no longer became shorter."
                    .formatted(limit.toMillis());
        }

        @Override
        public String clause() {
            return "its downtime limit was raised to %d ms while it ran".formatted(limit.toMillis());
        }
    }

    /**
     * Auto-converge throttles the vCPUs more at a time: QEMU's {@code cpu-throttle-increment} is raised.
     *
     * @param increment the new increment, in percent
     */
    record RaiseThrottle(int increment) implements WatchChange {
        @Override
        public String note() {
            return "The vCPUs were throttled by %d %% more at a time, because the migration would not have ended within its time limit."
                    .formatted(increment);
        }

        @Override
        public String clause() {
            return "its throttle was raised by %d %% at a time while it ran".formatted(increment);
        }
    }

    /**
     * The migration is cancelled and begun again by another technique.
     *
     * @param attempt by which, and why by that
     * @param reason  why it is begun again, as the rest of a sentence that begins with "because"
     */
    record BeginAgain(SecondAttempt attempt, String reason) implements WatchChange {

        /** The other technique. */
        public Technique technique() {
            return attempt.choice().technique();
        }

        @Override
        public String note() {
            return "The migration is cancelled and begun again by %s, because %s.".formatted(technique(), reason);
        }

        @Override
        public String clause() {
            return "it was cancelled once and begun again by %s".formatted(technique());
        }
    }

    /**
     * The migration is switched to post-copy.
     *
     * @param reason why, as the rest of a sentence that begins with "because"
     */
    record StartPostcopy(String reason) implements WatchChange {
        @Override
        public String note() {
            return "The migration was switched to post-copy, because %s.".formatted(reason);
        }

        @Override
        public String clause() {
            return "it was switched to post-copy while it ran";
        }
    }
}
