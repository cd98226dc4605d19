package io.github.godwit.model.hotspot;

import io.github.godwit.model.unit.Checks;
import java.util.ArrayList;
import java.util.List;

/**
 * Detects hot hosts: CPU or memory, each by itself, is above its threshold in k of the last n samples ([FGCS 2025],
 * section 5.1.1). A single busy sample does not make a host hot, and a single quiet one does not end a hotspot.
 */
public final class HotspotDetector {

    private final HotspotRule rule;

    /** Creates a detector with the given rule. */
    public HotspotDetector(HotspotRule rule) {
        this.rule = Checks.present("hotspot rule", rule);
    }

    /**
     * The state of one host according to its samples.
     *
     * @param cpuHot    whether CPU makes it hot
     * @param memoryHot whether memory makes it hot
     * @param evidence  the counts, as the end of a sentence: "CPU over 75 % in 4 of 5 samples"; empty when not hot
     */
    public record Verdict(boolean cpuHot, boolean memoryHot, String evidence) {

        /** Whether the host is hot at all. */
        public boolean hot() {
            return cpuHot || memoryHot;
        }
    }

    /** The state of a host according to its latest samples. A host with fewer samples than the rule requires hot ones is not hot. */
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
