package io.github.godwit.host.cli;

import io.github.godwit.host.profile.rules.ProfilingRules;
import io.github.godwit.host.profile.rules.ProfilingRules.Means;
import java.util.List;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** The options of what is measured inside VMs. */
final class ProfilingOptions {

    @Option(
            names = "--profile-through",
            paramLabel = "monitor|proc|none",
            defaultValue = "monitor",
            description =
                    "How VMs are profiled: through QEMU's monitor and /proc, through /proc alone, or not at all. libvirt marks a domain"
                            + " as tainted when its monitor is used.")
    private Means means;

    @Option(
            showDefaultValue = Visibility.NEVER,
            names = "--no-profiling-of",
            paramLabel = "uuid=UUID|flavor=NAME",
            split = ",",
            description = "Servers that are not profiled, by their UUID or by the name of their flavor.")
    private List<String> excluded = List.of();

    ProfilingRules rules() {
        return ProfilingRules.of(means, excluded);
    }
}
