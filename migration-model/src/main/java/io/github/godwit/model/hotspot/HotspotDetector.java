package io.github.godwit.model.hotspot;

import io.github.godwit.model.unit.Checks;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells whether a host is hot: CPU or memory, each by itself, over its threshold in k of the last n samples (SPEC G9). One
 * busy minute is no hotspot, and one quiet minute does not end one.
 */
public final class HotspotDetector {

    private final HotspotRule rule;

    /** Judges by the given rule. */
    public HotspotDetector(HotspotRule rule) {
        this.rule = Checks.present("hotspot rule", rule);
    }

    /**
     * What the samples of one host say.
     *
     * @param cpuHot    whether CPU makes it hot
     * @param memoryHot whether memory makes it hot
     * @param evidence  what was counted, as the end of a sentence: "CPU over 75 % in 4 of 5 samples"; empty when not hot
     */
    public record Verdict(boolean cpuHot, boolean memoryHot, String evidence) {

        /** Whether the host is hot at all. */
        public boolean hot() {
            return cpuHot || memoryHot;
        }
    }

    /** Judges a host by its newest samples; with fewer of them than the rule needs hot ones it is not hot. */
    public Verdict judge(SampleWindow window) {
        int cpu = window.countOver(LoadSample::cpu, rule.cpuThreshold());
        int memory = window.countOver(LoadSample::memory, rule.memoryThreshold());
        boolean cpuHot = cpu >= rule.hotSamples();
        boolean memoryHot = memory >= rule.hotSamples();
        List<String> evidence = new ArrayList<>();
        if (cpuHot) {
            evidence.add(counted("CPU", rule.cpuThreshold(), cpu, window));
        }
        if (memoryHot) {
            evidence.add(counted("memory", rule.memoryThreshold(), memory, window));
        }
        return new Verdict(cpuHot, memoryHot, String.join(" and ", evidence));
    }

    private static String counted(String what, double threshold, int over, SampleWindow window) {
        return "%s over %.0f %% in %d of %d samples"
                .formatted(what, threshold * 100, over, window.samples().size());
    }
}
