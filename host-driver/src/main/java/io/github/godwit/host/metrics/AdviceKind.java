package io.github.godwit.host.metrics;

import java.util.Locale;

/** How a question of nova-compute was answered. */
public enum AdviceKind {
    /** By a technique. */
    ADVISED,
    /** That Nova's own flags are to be used, because that was decided. */
    OWN,
    /** That Nova's own flags are to be used, because Godwit only observes. */
    OBSERVED,
    /** That Nova's own flags are to be used, because there was no decision in time. */
    LATE,
    /** That Nova's own flags are to be used, because deciding failed. */
    ERROR;

    /** The value of the metric's label. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
