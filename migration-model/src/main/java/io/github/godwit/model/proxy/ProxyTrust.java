package io.github.godwit.model.proxy;

import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.technique.Technique;
import java.util.List;

/**
 * Where the {@linkplain PerformanceProxy#RECORDED recorded proxy} is learned as PERF: for the techniques and accelerators for which it ranks
 * migrations as the heartbeats do. Elsewhere it is shown only. The one place of this decision.
 *
 * @param accelerator of the guests that were measured
 * @param family      their techniques
 * @param rows        number of migrations with heartbeats and proxy
 * @param correlation Spearman's rank correlation of both
 * @param gmre        geometric mean of the relative error of the proxy
 */
public record ProxyTrust(Accelerator accelerator, TechniqueFamily family, int rows, double correlation, double gmre) {

    /** From this rank correlation on, the proxy is learned. */
    public static final double LEAST_CORRELATION = 0.8;

    /** Fewer migrations prove nothing. */
    public static final int LEAST_ROWS = 20;

    /**
     * What was measured: printed by {@code godwit-train perf-proxy --rows training/data/perf-proxy.jsonl.gz}, migrations of the lab under KVM
     * with QEMU 10.0.2, most of them beside other load. An accelerator that is missing was not measured.
     */
    public static final List<ProxyTrust> MEASURED = List.of(
            new ProxyTrust(Accelerator.KVM, TechniqueFamily.PRE_COPY, 55, 0.815, 0.052),
            new ProxyTrust(Accelerator.KVM, TechniqueFamily.THROTTLED, 32, 0.894, 0.047),
            new ProxyTrust(Accelerator.KVM, TechniqueFamily.POST_COPY, 36, 0.975, 0.070),
            new ProxyTrust(Accelerator.KVM, TechniqueFamily.PRE_POST_COPY, 28, 0.715, 0.063));

    /** Whether this is enough to learn from. */
    public boolean suffices() {
        return rows >= LEAST_ROWS && correlation >= LEAST_CORRELATION;
    }

    /** Whether the proxy of a migration by this technique is learned as its PERF. */
    public static boolean learned(Technique technique, Accelerator accelerator) {
        TechniqueFamily family = TechniqueFamily.of(technique);
        return MEASURED.stream()
                .anyMatch(each -> each.accelerator == accelerator && each.family == family && each.suffices());
    }
}
