package io.github.godwit.hostapi;

import java.time.Instant;

/**
 * Whether Godwit has any influence on the migrations from a host. An operator switches it off and on; it stays as it is over restarts.
 *
 * @param enabled false if Nova's own flags are used for all migrations, and migrations in flight are left to Nova
 * @param reason  why it was switched off; empty if it is on
 * @param since   when it was switched; null if it never was
 */
public record HostSwitch(Boolean enabled, String reason, Instant since) {

    /** On, as a host is until somebody switches it off. */
    public static final HostSwitch ON = new HostSwitch(true, "", null);

    private static final int LONGEST_REASON = 255;

    /**
     * Checks the position.
     *
     * @throws IllegalArgumentException if {@code enabled} is missing, or if it is off without a reason or with one of more than
     *                                  255 characters
     */
    public HostSwitch {
        if (enabled == null) {
            throw new IllegalArgumentException("'enabled' is missing. Send true or false.");
        }
        reason = reason == null ? "" : reason.strip();
        if (!enabled && reason.isEmpty()) {
            throw new IllegalArgumentException("The reason is missing: it is shown to everybody who finds Godwit off.");
        }
        if (reason.length() > LONGEST_REASON) {
            throw new IllegalArgumentException("The reason has %d characters, of which at most %d are kept. Shorten it."
                    .formatted(reason.length(), LONGEST_REASON));
        }
    }
}
