package io.github.godwit.model.hotspot;

import io.github.godwit.model.unit.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The latest samples of one host, oldest first, up to a given number.
 *
 * @param capacity maximum number of samples, at least 1
 * @param samples  the samples, at most {@code capacity}
 */
public record SampleWindow(int capacity, List<LoadSample> samples) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException when the capacity is below 1 or smaller than the number of samples
     */
    public SampleWindow {
        samples = List.copyOf(Checks.present("samples", samples));
        if (capacity < 1 || samples.size() > capacity) {
            throw new IllegalArgumentException(
                    "A window of %d samples cannot hold %d.".formatted(capacity, samples.size()));
        }
    }

    /** A window without samples. */
    public static SampleWindow empty(int capacity) {
        return new SampleWindow(capacity, List.of());
    }

    /** The window with one more sample; a full window drops its oldest sample. */
    public SampleWindow with(LoadSample sample) {
        List<LoadSample> next = new ArrayList<>(samples);
        if (next.size() == capacity) {
            next.remove(0);
        }
        next.add(sample);
        return new SampleWindow(capacity, next);
    }

    /** The number of samples in which a load is above a threshold, not equal to it. */
    public int countOver(ToDoubleFunction<LoadSample> load, double threshold) {
        return (int) samples.stream()
                .filter(sample -> load.applyAsDouble(sample) > threshold)
                .count();
    }
}
