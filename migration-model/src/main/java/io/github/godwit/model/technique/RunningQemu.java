package io.github.godwit.model.technique;

import io.github.godwit.model.technique.TechniqueTraits.Compression;
import io.github.godwit.model.unit.Version;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The QEMU of one VM that is not the installed one, for example because a package was upgraded while the VM was running. It decides what
 * the source of a migration can do; the destination starts its installed QEMU.
 *
 * @param version      its version; null if its monitor could not be asked
 * @param capabilities names of its migration capabilities ({@code query-migrate-capabilities}); empty if it could not be asked
 */
public record RunningQemu(Version version, Set<String> capabilities) {

    /** A QEMU whose monitor does not answer, or must not be asked. */
    public static final RunningQemu UNKNOWN = new RunningQemu(null, Set.of());

    private static final String UNASKED =
            "is not used for this server: it runs with another QEMU than the installed one, which could not be asked for its"
                    + " capabilities. Restart the server, or migrate it by a technique that every QEMU has";

    /** Copies the set. */
    public RunningQemu {
        capabilities = Collections.unmodifiableSet(new LinkedHashSet<>(capabilities));
    }

    /** The capabilities of a host as the source of this VM, derived from those with its installed QEMU. */
    HostCapabilities on(HostCapabilities installed) {
        if (version == null) {
            return installed;
        }
        Map<Technique, String> lacking = new EnumMap<>(Technique.class);
        for (Technique technique : Technique.values()) {
            lack(technique)
                    .or(() -> builtInto(technique) ? installed.lack(technique) : Optional.empty())
                    .ifPresent(reason -> lacking.put(technique, reason));
        }
        return installed.with(version, lacking);
    }

    /** Capabilities do not show with which compression QEMU was built; the installed one is taken for alike. */
    private static boolean builtInto(Technique technique) {
        TechniqueTraits traits = technique.traits();
        return traits.multifd() && traits.compression() != Compression.NONE;
    }

    private Optional<String> lack(Technique technique) {
        Set<String> missing = new LinkedHashSet<>(
                QemuSettings.of(technique, MigrationTuning.DEFAULT).capabilities());
        missing.removeAll(capabilities);
        return missing.isEmpty()
                ? QemuSettings.uncombinableIn(technique, version)
                : QemuSettings.missingIn(technique, version)
                        .or(() -> Optional.of("needs %s, which the QEMU of this server does not have"
                                .formatted(String.join(" and ", missing))));
    }

    /** The techniques that this QEMU may lack, if it could not be asked: all but those that every supported QEMU has. */
    Map<Technique, String> unknown() {
        Map<Technique, String> reasons = new EnumMap<>(Technique.class);
        for (Technique technique : Technique.values()) {
            if (version == null && !everyQemuHas(technique.traits())) {
                reasons.put(technique, UNASKED);
            }
        }
        return reasons;
    }

    private static boolean everyQemuHas(TechniqueTraits traits) {
        return !traits.isPostCopy()
                && traits.compression() == Compression.NONE
                && traits.qemu().first().compareTo(ReleaseRule.OLDEST_QEMU.since()) <= 0
                && traits.qemu().removals().isEmpty();
    }
}
