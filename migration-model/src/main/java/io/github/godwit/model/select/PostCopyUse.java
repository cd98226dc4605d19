package io.github.godwit.model.select;

import java.util.Arrays;
import java.util.Locale;

/** When a policy uses techniques with post-copy, in which a VM is lost if the link between the hosts breaks. */
public enum PostCopyUse {
    /** Never. */
    NEVER,
    /** Only if no technique without post-copy that is available is expected to end within its time limit. */
    IF_NEEDED,
    /** Like any other technique. */
    FREE;

    /**
     * Reads {@code never}, {@code if_needed} or {@code free}.
     *
     * @throws IllegalArgumentException when the text is none of them
     */
    public static PostCopyUse parse(String text) {
        return Arrays.stream(values())
                .filter(use -> use.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no postcopy '%s'. Choose one of never, if_needed, free.".formatted(text)));
    }

    /** The form in files and on the wire. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
