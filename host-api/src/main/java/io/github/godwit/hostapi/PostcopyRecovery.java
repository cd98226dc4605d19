package io.github.godwit.hostapi;

/**
 * What became of a migration whose connection broke in post-copy.
 *
 * @param breaks       how often it broke
 * @param recovered    how often it was made again; one less than {@code breaks} while it is broken, or where it stayed so
 * @param attempts     how often that was tried
 * @param pausedMillis how long no page moved, in ms: from when a break was noticed until the pages moved again, of all breaks
 * @param reason       why the connection broke last, or why the last attempt failed; null if neither is known
 */
public record PostcopyRecovery(int breaks, int recovered, int attempts, long pausedMillis, String reason) {

    /** Whether it is broken, or stayed so. */
    public boolean broken() {
        return breaks > recovered;
    }

    /** Why the measurements of this migration are not those of its technique, as a clause. */
    public String clause() {
        return "its connection broke %s in post-copy, and no page moved for %.1f s"
                .formatted(breaks == 1 ? "once" : breaks + " times", pausedMillis / 1e3);
    }
}
