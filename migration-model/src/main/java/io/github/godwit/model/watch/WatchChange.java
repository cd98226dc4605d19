package io.github.godwit.model.watch;

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
