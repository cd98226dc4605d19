package io.github.godwit.model.technique;

import io.github.godwit.model.unit.Checks;
import java.time.Duration;

/**
 * The latest break of a host's migration link. In post-copy the VM's memory is spread over both hosts, so that a break loses the VM. For
 * {@link #CAUTION} after one, no technique with post-copy is used.
 *
 * @param event what broke, as the beginning of a sentence, for example "the link of compute1 dropped"
 * @param ago   how long ago
 */
public record LinkDrop(String event, Duration ago) {

    /** How long a link counts as unreliable after it dropped. */
    public static final Duration CAUTION = Duration.ofHours(1);

    /**
     * @throws IllegalArgumentException when the event is empty or the time is missing or negative
     */
    public LinkDrop {
        Checks.named("event of a link", event);
        if (Checks.present("time since a link dropped", ago).isNegative()) {
            throw new IllegalArgumentException(
                    "The time since a link dropped (%s) must not be negative.".formatted(ago));
        }
    }

    /** What follows from it for a migration that begins now. */
    public TechniqueConstraint constraint() {
        return ago.compareTo(CAUTION) >= 0
                ? TechniqueConstraint.NONE
                : TechniqueConstraint.withoutPostCopy("is not used now, because %s %s ago".formatted(event, time()));
    }

    private String time() {
        return ago.toMinutes() > 0 ? ago.toMinutes() + " min" : ago.toSeconds() + " s";
    }
}
