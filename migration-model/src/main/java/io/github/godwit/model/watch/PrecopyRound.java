package io.github.godwit.model.watch;

/**
 * Figures of a migration in pre-copy, after a round over its memory.
 *
 * @param number                 number of bitmap syncs so far, QEMU's {@code dirty-sync-count}
 * @param expectedDowntimeMillis QEMU's {@code expected-downtime} in ms: the time to send what the guest wrote in that round; 0 or less if
 *                               it is not known yet
 * @param throttlePercent        how much auto-converge throttles the vCPUs, in percent; 0 for not at all
 * @param elapsedMillis          time since the migration began, in ms
 * @param transferredBytes       bytes sent since then
 * @param remainingBytes         bytes of this round that are still to be sent
 */
public record PrecopyRound(
        int number,
        long expectedDowntimeMillis,
        int throttlePercent,
        long elapsedMillis,
        long transferredBytes,
        long remainingBytes) {}
