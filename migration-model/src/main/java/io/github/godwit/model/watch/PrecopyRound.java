package io.github.godwit.model.watch;

/**
 * Figures of a migration in pre-copy, after a round over its memory.
 *
 * @param number                 number of bitmap syncs so far, QEMU's {@code dirty-sync-count}
 * @param expectedDowntimeMillis QEMU's {@code expected-downtime} in ms: the time to send what the guest wrote in that round; 0 or less if
 *                               it is not known yet
 * @param throttlePercent        how much auto-converge throttles the vCPUs, in percent; 0 for not at all
 */
public record PrecopyRound(int number, long expectedDowntimeMillis, int throttlePercent) {}
