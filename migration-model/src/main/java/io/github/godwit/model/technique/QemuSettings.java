package io.github.godwit.model.technique;

import io.github.godwit.model.technique.TechniqueTraits.Compression;
import io.github.godwit.model.unit.Version;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * QEMU's settings for one technique: capabilities to turn on and parameters to set, on both hosts, before the migration starts
 * (QMP {@code migrate-set-capabilities} and {@code migrate-set-parameters}).
 *
 * @param capabilities capabilities to turn on; all others are off
 * @param parameters   migration parameters by QMP name; numbers or strings
 */
public record QemuSettings(Set<String> capabilities, Map<String, Object> parameters) {

    /** Copies both collections. */
    public QemuSettings {
        capabilities = Collections.unmodifiableSet(new LinkedHashSet<>(capabilities));
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** The settings of a technique, the same for every QEMU that has it. */
    public static QemuSettings of(Technique technique, MigrationTuning tuning) {
        TechniqueTraits traits = technique.traits();
        Builder settings = new Builder(technique, tuning);
        if (technique.isPostCopy() || (tuning.postcopyFallback() && traits.canFallBack())) {
            settings.on("postcopy-ram");
            if (tuning.postcopyBandwidth().compareTo(MigrationTuning.UNLIMITED) < 0) {
                settings.set("max-postcopy-bandwidth", (long)
                        tuning.postcopyBandwidth().bytesPerSecond());
            }
        }
        if (traits.preemption()) {
            settings.on("postcopy-preempt");
        }
        if (traits.multifd()) {
            settings.multifd(traits.compression());
            if (tuning.zeroCopy() && traits.canSendWithoutCopies()) {
                settings.on("zero-copy-send");
            }
        } else if (traits.compression() != Compression.NONE) {
            settings.on("compress").set("compress-level", traits.compression().level(tuning));
        }
        if (traits.delta()) {
            settings.on("xbzrle").set("xbzrle-cache-size", tuning.xbzrleCache().bytes());
        }
        if (!traits.waitsForThread()) {
            settings.set("compress-wait-thread", false);
        }
        switch (traits.throttle()) {
            case NONE -> {}
            case AUTO_CONVERGE ->
                settings.on("auto-converge")
                        .set("cpu-throttle-initial", tuning.throttleInitial())
                        .set("cpu-throttle-increment", tuning.throttleIncrement())
                        .set("max-cpu-throttle", tuning.throttleMax());
            case DIRTY_LIMIT ->
                settings.on("dirty-limit").set("vcpu-dirty-limit", tuning.dirtyLimitMegabytesPerSecond());
        }
        return settings.build();
    }

    /**
     * Why a QEMU version, 6.2 or newer, lacks a technique, as the rest of a sentence that begins with "it", or nothing when it has it.
     * It holds for a QEMU of which nobody knows the schema, and cannot show how a QEMU was built.
     */
    public static Optional<String> missingIn(Technique technique, Version qemu) {
        return technique.traits().qemu().missingIn(qemu);
    }

    /**
     * Why a QEMU that has all capabilities of a technique cannot combine them, in the words of {@link #missingIn}, or nothing. A QEMU need
     * not refuse them: 7.2 takes multifd with post-copy, which the releases up to 10.0 refuse.
     */
    public static Optional<String> uncombinableIn(Technique technique, Version qemu) {
        TechniqueTraits traits = technique.traits();
        boolean compressedDelta = traits.delta() && traits.compression() != Compression.NONE;
        boolean parallelPostCopy = traits.multifd() && technique.isPostCopy();
        return missingIn(technique, qemu)
                .filter(reason -> (compressedDelta && ReleaseRule.QEMU_REFUSES_COMPRESS_WITH_XBZRLE.holdsFor(qemu))
                        || (parallelPostCopy && !ReleaseRule.QEMU_COMBINES_MULTIFD_WITH_POSTCOPY.holdsFor(qemu)));
    }

    private static final class Builder {
        private final Set<String> capabilities = new LinkedHashSet<>();
        private final Map<String, Object> parameters = new LinkedHashMap<>();
        private final MigrationTuning tuning;

        Builder(Technique technique, MigrationTuning tuning) {
            this.tuning = tuning;
            set("downtime-limit", tuning.downtimeLimit(technique).toMillis());
            set("max-bandwidth", (long) tuning.maxBandwidth().bytesPerSecond());
        }

        Builder on(String capability) {
            capabilities.add(capability);
            return this;
        }

        Builder set(String parameter, Object value) {
            parameters.put(parameter, value);
            return this;
        }

        Builder multifd(Compression compression) {
            on("multifd")
                    .set("multifd-channels", tuning.multifdChannels())
                    .set("multifd-compression", compression.method());
            return compression == Compression.NONE
                    ? this
                    : set("multifd-%s-level".formatted(compression.method()), compression.level(tuning));
        }

        QemuSettings build() {
            return new QemuSettings(capabilities, parameters);
        }
    }
}
