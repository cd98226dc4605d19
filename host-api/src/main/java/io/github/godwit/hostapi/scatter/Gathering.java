package io.github.godwit.hostapi.scatter;

/**
 * What a migration by SCATTER-GATHER came to beside its metrics.
 *
 * @param evictionMillis from the start until the source was free, in ms
 * @param intermediaries number of intermediaries
 * @param copies         on how many of them each page was stored
 * @param asked          pages that the destination's QEMU asked for
 * @param medianMillis   how long it waited for one that an intermediary had, median in ms; 0 if there was none
 */
public record Gathering(long evictionMillis, int intermediaries, int copies, long asked, double medianMillis) {}
