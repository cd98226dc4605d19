package io.github.godwit.model.technique;

import io.github.godwit.model.unit.Version;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one technique tells libvirt's {@code virDomainMigrateToURI3}: flags and typed parameters, and what libvirt has no
 * word for and only the QEMU monitor takes (which taints the domain). Facts: notes §4.
 *
 * @param flags             names of {@code virDomainMigrateFlags} beyond LIVE and PEER2PEER
 * @param typedParameters   by the names of {@code VIR_MIGRATE_PARAM_*}; numbers, strings, or lists of strings
 * @param monitorCapabilities QEMU capabilities to turn on through the monitor before the migration
 * @param monitorParameters QEMU parameters to set through the monitor before the migration
 */
public record LibvirtSettings(
        Set<String> flags,
        Map<String, Object> typedParameters,
        Set<String> monitorCapabilities,
        Map<String, Object> monitorParameters) {

    private static final String COMPRESSED = "VIR_MIGRATE_COMPRESSED";
    private static final String PARALLEL = "VIR_MIGRATE_PARALLEL";

    /** What QEMU does by itself: the monitor is not needed, and the domain not tainted. */
    private static final int QEMU_THROTTLE_MAX = 99;

    private static final int QEMU_MULTIFD_LEVEL = 1;

    /** The flags that make a technique: where one is chosen, those that are set for all of a host go. */
    public static final Set<String> TECHNIQUE_FLAGS = Collections.unmodifiableSet(new LinkedHashSet<>(List.of(
            "VIR_MIGRATE_POSTCOPY", "VIR_MIGRATE_AUTO_CONVERGE", COMPRESSED, PARALLEL, "VIR_MIGRATE_ZEROCOPY")));

    /** {@code VIR_MIGRATE_AUTO_CONVERGE} and {@code VIR_MIGRATE_PARALLEL} as libvirt numbers them. */
    private static final long AUTO_CONVERGE_BIT = 1 << 13;

    private static final long PARALLEL_BIT = 1 << 17;

    /**
     * The technique that flags of {@code virDomainMigrateToURI3} amount to by themselves. With the post-copy flag libvirt begins a
     * pre-copy all the same, until somebody switches.
     */
    public static Technique techniqueOf(long flags) {
        if ((flags & AUTO_CONVERGE_BIT) != 0) {
            return Technique.AUTO_CONVERGE;
        }
        return (flags & PARALLEL_BIT) != 0 ? Technique.MULTIFD : Technique.PRE_COPY;
    }

    /** Copies all four. */
    public LibvirtSettings {
        flags = Collections.unmodifiableSet(new LinkedHashSet<>(flags));
        typedParameters = Collections.unmodifiableMap(new LinkedHashMap<>(typedParameters));
        monitorCapabilities = Collections.unmodifiableSet(new LinkedHashSet<>(monitorCapabilities));
        monitorParameters = Collections.unmodifiableMap(new LinkedHashMap<>(monitorParameters));
    }

    /**
     * The settings of a technique for a libvirt version.
     *
     * @throws IllegalArgumentException when that version cannot express the technique; see {@link #missingIn}
     */
    public static LibvirtSettings of(Technique technique, Version libvirt, MigrationTuning tuning) {
        missingIn(technique, libvirt).ifPresent(reason -> {
            throw new IllegalArgumentException(
                    "%s cannot run on libvirt %s: it %s.".formatted(technique.id(), libvirt, reason));
        });
        Builder settings = new Builder();
        switch (technique) {
            case PRE_COPY -> {}
            case POST_COPY, PRE_POST_COPY, POST_COPY_PREEMPT -> settings.flag("VIR_MIGRATE_POSTCOPY");
            case AUTO_CONVERGE -> {
                settings.flag("VIR_MIGRATE_AUTO_CONVERGE")
                        .typed("auto_converge.initial", tuning.throttleInitial())
                        .typed("auto_converge.increment", tuning.throttleIncrement());
                if (tuning.throttleMax() != QEMU_THROTTLE_MAX) {
                    settings.monitor("max-cpu-throttle", tuning.throttleMax());
                }
            }
            case XBZRLE ->
                settings.flag(COMPRESSED)
                        .typed("compression", "xbzrle")
                        .typed("compression.xbzrle.cache", tuning.xbzrleCache().bytes());
            case MULTIFD -> settings.parallel(tuning);
            case ZSTD ->
                settings.parallel(tuning)
                        .flag(COMPRESSED)
                        .typed("compression", "zstd")
                        .level("compression.zstd.level", tuning.zstdLevel());
            case ZLIB -> {
                if (libvirt.atLeast(9, 4)) {
                    settings.parallel(tuning)
                            .flag(COMPRESSED)
                            .typed("compression", "zlib")
                            .level("compression.zlib.level", tuning.zlibLevel());
                } else {
                    settings.compressThreads(tuning, "mt");
                }
            }
            case ZLIB_ASYNC -> settings.compressThreads(tuning, "mt").monitor("compress-wait-thread", false);
            case XBZRLE_ZLIB -> settings.deltaAndThreads(tuning);
            case XBZRLE_ZLIB_ASYNC -> settings.deltaAndThreads(tuning).monitor("compress-wait-thread", false);
            case DIRTY_LIMIT -> {
                settings.monitorCapabilities.add("dirty-limit");
                settings.monitor("vcpu-dirty-limit", tuning.dirtyLimitMegabytesPerSecond());
            }
        }
        return settings.build();
    }

    /**
     * Why a libvirt version cannot express a technique, as the rest of a sentence that begins with "it", or nothing.
     *
     * <p>From 10.0 on libvirt turns postcopy-preempt on by itself where both QEMUs have it: there {@link Technique#POST_COPY} cannot be
     * had ({@link TechniqueAvailability#between}).
     */
    public static Optional<String> missingIn(Technique technique, Version libvirt) {
        String reason = switch (technique) {
            case PRE_COPY -> null;
            case POST_COPY, PRE_POST_COPY -> since(libvirt, 1, 3, "VIR_MIGRATE_POSTCOPY");
            case AUTO_CONVERGE -> since(libvirt, 2, 0, "the auto-converge parameters");
            case XBZRLE, ZLIB, ZLIB_ASYNC, XBZRLE_ZLIB, XBZRLE_ZLIB_ASYNC ->
                since(libvirt, 1, 4, "compression methods");
            case MULTIFD -> since(libvirt, 5, 2, "VIR_MIGRATE_PARALLEL");
            case ZSTD -> since(libvirt, 9, 4, "zstd over parallel connections");
            case POST_COPY_PREEMPT -> since(libvirt, 10, 0, "postcopy-preempt");
            case DIRTY_LIMIT -> since(libvirt, 8, 1, "a dirty ring for domains");
        };
        return Optional.ofNullable(reason);
    }

    private static String since(Version libvirt, int major, int minor, String what) {
        return libvirt.atLeast(major, minor)
                ? null
                : "needs libvirt %d.%d or newer: that release added %s".formatted(major, minor, what);
    }

    private static final class Builder {
        private final Set<String> flags = new LinkedHashSet<>();
        private final Map<String, Object> typed = new LinkedHashMap<>();
        private final Set<String> monitorCapabilities = new LinkedHashSet<>();
        private final Map<String, Object> monitor = new LinkedHashMap<>();

        Builder flag(String flag) {
            flags.add(flag);
            return this;
        }

        Builder typed(String name, Object value) {
            typed.put(name, value);
            return this;
        }

        /** QEMU's own level is not told: libvirt's Python bindings before 9.4 do not know the type of these two. */
        Builder level(String name, int level) {
            return level == QEMU_MULTIFD_LEVEL ? this : typed(name, level);
        }

        Builder monitor(String name, Object value) {
            monitor.put(name, value);
            return this;
        }

        Builder parallel(MigrationTuning tuning) {
            return flag(PARALLEL).typed("parallel.connections", tuning.multifdChannels());
        }

        Builder compressThreads(MigrationTuning tuning, Object method) {
            return flag(COMPRESSED).typed("compression", method).typed("compression.mt.level", tuning.zlibLevel());
        }

        Builder deltaAndThreads(MigrationTuning tuning) {
            return compressThreads(tuning, List.of("mt", "xbzrle"))
                    .typed("compression.xbzrle.cache", tuning.xbzrleCache().bytes());
        }

        LibvirtSettings build() {
            return new LibvirtSettings(flags, typed, monitorCapabilities, monitor);
        }
    }
}
