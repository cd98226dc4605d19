package io.github.godwit.strategy.cli;

import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.strategy.decide.DestinationPolicy;
import io.github.godwit.strategy.decide.HotspotStrategy;
import io.github.godwit.strategy.decide.Strategy;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options for the strategy and its rules. */
final class StrategyOptions {

    private static final String HOTSPOT = "hotspot";

    @Option(
            names = "--strategy",
            required = true,
            paramLabel = "NAME",
            description = "The strategy: hotspot moves VMs away from hosts over the threshold.")
    private String name;

    @Option(
            names = "--samples",
            defaultValue = "5",
            paramLabel = "N",
            description = "Number of samples of the load (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Option(
            names = "--sample-interval",
            defaultValue = "60s",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Time between two samples (default: ${DEFAULT-VALUE}).")
    private Duration sampleInterval;

    @Option(
            names = "--threshold",
            defaultValue = "0.75",
            paramLabel = "SHARE",
            description = "Fraction of CPU or memory above which a sample is hot (default: ${DEFAULT-VALUE}).")
    private double threshold;

    @Option(
            names = "--hot-samples",
            defaultValue = "3",
            paramLabel = "K",
            description = "Number of samples in which a host must be hot (default: ${DEFAULT-VALUE}).")
    private int hotSamples;

    @Option(
            names = "--destination-policy",
            defaultValue = "least-loaded",
            paramLabel = "POLICY",
            description = {
                "Destination of VMs: " + DestinationPolicy.FORMS + " (default: ${DEFAULT-VALUE}).",
                "random and round-robin skip a host that cannot take the VM."
            })
    private String destinationPolicy;

    @Option(
            names = "--max-moves",
            defaultValue = "10",
            paramLabel = "N",
            description = "Maximum number of VMs to move in one run (default: ${DEFAULT-VALUE}).")
    private int maxMoves;

    /**
     * The rule by which a host is hot.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    HotspotRule rule() {
        return new HotspotRule(threshold, threshold, hotSamples, samples, sampleInterval);
    }

    /**
     * The strategy.
     *
     * @throws IllegalArgumentException if the strategy or destination policy is unknown, or a number is out of its range
     */
    Strategy strategy() {
        if (!HOTSPOT.equals(name)) {
            throw new IllegalArgumentException("There is no strategy '%s'. Choose %s.".formatted(name, HOTSPOT));
        }
        return new HotspotStrategy(rule(), DestinationPolicy.parse(destinationPolicy), maxMoves);
    }
}
