package io.github.godwit.model.hotspot;

import io.github.godwit.model.unit.Checks;
import java.time.Duration;

/**
 * When a host counts as hot ([FGCS 2025], section 5.1.1).
 *
 * @param cpuThreshold    share of the cores above which a sample is hot, 0 to 1
 * @param memoryThreshold share of the memory above which a sample is hot, 0 to 1
 * @param hotSamples      how many samples must be hot, 1 to {@code samples}
 * @param samples         how many of the latest samples are considered, at least 1
 * @param sampleInterval  time from one sample to the next
 */
public record HotspotRule(
        double cpuThreshold, double memoryThreshold, int hotSamples, int samples, Duration sampleInterval) {

    /** Over 75 % in 3 of 5 samples, one a minute. */
    public static final HotspotRule DEFAULT = new HotspotRule(0.75, 0.75, 3, 5, Duration.ofMinutes(1));

    /**
     * @throws IllegalArgumentException when a value is missing or out of its range
     */
    public HotspotRule {
        Checks.inRange("cpuThreshold", cpuThreshold, 0, 1);
        Checks.inRange("memoryThreshold", memoryThreshold, 0, 1);
        if (samples < 1) {
            throw new IllegalArgumentException("The number of samples (%d) must be at least 1.".formatted(samples));
        }
        if (hotSamples < 1 || hotSamples > samples) {
            throw new IllegalArgumentException("The number of hot samples (%d) must be from 1 to the %d samples taken."
                    .formatted(hotSamples, samples));
        }
        if (Checks.present("sampleInterval", sampleInterval).isNegative()) {
            throw new IllegalArgumentException(
                    "The sampleInterval (%s) must not be negative.".formatted(sampleInterval));
        }
    }
}
