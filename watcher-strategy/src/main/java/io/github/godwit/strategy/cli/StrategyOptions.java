package io.github.godwit.strategy.cli;

import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.strategy.decide.DestinationPolicy;
import io.github.godwit.strategy.decide.HotspotStrategy;
import io.github.godwit.strategy.decide.Strategy;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Which strategy decides, and by what rules. */
final class StrategyOptions {

    private static final String HOTSPOT = "hotspot";

    @Option(
            names = "--strategy",
            required = true,
            paramLabel = "NAME",
            description = "What to aim for: hotspot cools hosts that are over the threshold.")
    private String name;

    @Option(
            names = "--samples",
            defaultValue = "5",
            paramLabel = "N",
            description = "How many samples of the load to take (default: ${DEFAULT-VALUE}).")
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
            description = "Share of CPU or memory over which a sample is hot (default: ${DEFAULT-VALUE}).")
    private double threshold;

    @Option(
            names = "--hot-samples",
            defaultValue = "3",
            paramLabel = "K",
            description = "In how many samples a host must be hot (default: ${DEFAULT-VALUE}).")
    private int hotSamples;

    @Option(
            names = "--destination-policy",
            defaultValue = "least-loaded",
            paramLabel = "POLICY",
            description = {
                "Where VMs go: " + DestinationPolicy.FORMS + " (default: ${DEFAULT-VALUE}).",
                "A random or round-robin host is passed over when it cannot take the VM."
            })
    private String destinationPolicy;

    @Option(
            names = "--max-moves",
            defaultValue = "10",
            paramLabel = "N",
            description = "The most VMs to move in one run (default: ${DEFAULT-VALUE}).")
    private int maxMoves;

    /**
     * When a host is hot.
     *
     * @throws IllegalArgumentException when a number is out of its range
     */
    HotspotRule rule() {
        return new HotspotRule(threshold, threshold, hotSamples, samples, sampleInterval);
    }

    /**
     * The strategy.
     *
     * @throws IllegalArgumentException when there is no such strategy or destination policy, or a number is out of its range
     */
    Strategy strategy() {
        if (!HOTSPOT.equals(name)) {
            throw new IllegalArgumentException("There is no strategy '%s'. Choose %s.".formatted(name, HOTSPOT));
        }
        return new HotspotStrategy(rule(), DestinationPolicy.parse(destinationPolicy), maxMoves);
    }
}
