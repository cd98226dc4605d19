package io.github.godwit.model.technique;

import io.github.godwit.model.technique.TechniqueTraits.Compression;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Version;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Libvirt's settings for one technique: flags and typed parameters of {@code virDomainMigrateToURI3}, and the settings
 * that libvirt has no parameter for, which have to be set through the QEMU monitor. Using the monitor taints the
 * domain.
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

    private static final String POSTCOPY = "VIR_MIGRATE_POSTCOPY";
    private static final String COMPRESSED = "VIR_MIGRATE_COMPRESSED";
    private static final String PARALLEL = "VIR_MIGRATE_PARALLEL";
    private static final String ZERO_COPY = "VIR_MIGRATE_ZEROCOPY";

    /** QEMU's default, which needs no monitor command. */
    private static final int QEMU_THROTTLE_MAX = 99;

    private static final int QEMU_MULTIFD_LEVEL = 1;

    /** The flags that select a technique: where Godwit chooses one, it clears those that the host's configuration sets. */
    public static final Set<String> TECHNIQUE_FLAGS = Collections.unmodifiableSet(
            new LinkedHashSet<>(List.of(POSTCOPY, "VIR_MIGRATE_AUTO_CONVERGE", COMPRESSED, PARALLEL, ZERO_COPY)));

    private static final double MEBIBYTE = 1 << 20;

    /** {@code VIR_MIGRATE_NON_SHARED_DISK} and {@code VIR_MIGRATE_NON_SHARED_INC} in {@code virDomainMigrateFlags}: disks are copied. */
    public static final long COPY_DISKS_BITS = 64 | 128;

    /** {@code VIR_MIGRATE_AUTO_CONVERGE} in {@code virDomainMigrateFlags}; the next is {@code VIR_MIGRATE_PARALLEL}. */
    private static final long AUTO_CONVERGE_BIT = 1 << 13;

    private static final long PARALLEL_BIT = 1 << 17;

    /**
     * The technique that flags of {@code virDomainMigrateToURI3} select by themselves. With the post-copy flag libvirt
     * still starts a pre-copy, and stays in it until somebody switches.
     */
    public static Technique techniqueOf(long flags) {
        if ((flags & AUTO_CONVERGE_BIT) != 0) {
            return Technique.AUTO_CONVERGE;
        }
        return (flags & PARALLEL_BIT) != 0 ? Technique.MULTIFD : Technique.PRE_COPY;
    }

    /**
     * The flags to clear for a technique: {@link #TECHNIQUE_FLAGS}, but not post-copy where QEMU can combine it with the technique.
     * Where the host's configuration permits post-copy, Nova's force-complete then switches such a migration to post-copy instead of
     * pausing the VM. QEMU up to 10.0 refuses post-copy together with multifd, and with compress threads.
     */
    public static Set<String> flagsToClear(Technique technique) {
        TechniqueTraits traits = technique.traits();
        if (traits.multifd() || traits.compression() != Compression.NONE) {
            return TECHNIQUE_FLAGS;
        }
        Set<String> cleared = new LinkedHashSet<>(TECHNIQUE_FLAGS);
        cleared.remove(POSTCOPY);
        return Collections.unmodifiableSet(cleared);
    }

    /** Copies all collections. */
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
        TechniqueTraits traits = technique.traits();
        Builder settings = new Builder();
        boolean mayFollow = technique.isPostCopy() || (tuning.postcopyFallback() && traits.canFallBack());
        if (mayFollow) {
            settings.flag(POSTCOPY);
        }
        settings.bandwidth(mayFollow, libvirt, tuning);
        boolean multifd = traits.multifdOnLibvirt(libvirt);
        if (multifd) {
            settings.flag(PARALLEL).typed("parallel.connections", tuning.multifdChannels());
            if (tuning.zeroCopy() && traits.canSendWithoutCopies()) {
                settings.flag(ZERO_COPY);
            }
        }
        settings.compression(traits, multifd, tuning);
        switch (traits.throttle()) {
            case NONE -> {}
            case AUTO_CONVERGE -> {
                settings.flag("VIR_MIGRATE_AUTO_CONVERGE")
                        .typed("auto_converge.initial", tuning.throttleInitial())
                        .typed("auto_converge.increment", tuning.throttleIncrement());
                if (tuning.throttleMax() != QEMU_THROTTLE_MAX) {
                    settings.monitor("max-cpu-throttle", tuning.throttleMax());
                }
            }
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
     * <p>From 10.0 on libvirt turns postcopy-preempt on by itself where both QEMUs have it: {@link Technique#POST_COPY}
     * is not available there ({@link TechniqueAvailability#between}).
     */
    public static Optional<String> missingIn(Technique technique, Version libvirt) {
        return technique.traits().libvirt().missingIn(libvirt);
    }

    /** Whether a libvirt can express a technique by QEMU's compress threads alone, which QEMU 9.1 has removed. */
    static boolean needsCompressThreads(Technique technique, Version libvirt) {
        TechniqueTraits traits = technique.traits();
        return traits.compression() != Compression.NONE && !traits.multifdOnLibvirt(libvirt);
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

        Builder monitor(String name, Object value) {
            monitor.put(name, value);
            return this;
        }

        /** Libvirt counts in whole MiB/s, of which there must be one: 0 would be no limit. */
        void bandwidth(boolean postcopy, Version libvirt, MigrationTuning tuning) {
            if (tuning.maxBandwidth().compareTo(MigrationTuning.UNLIMITED) < 0) {
                typed("bandwidth", mebibytes(tuning.maxBandwidth()));
            }
            if (postcopy
                    && tuning.postcopyBandwidth().compareTo(MigrationTuning.UNLIMITED) < 0
                    && ReleaseRule.LIBVIRT_LIMITS_POSTCOPY.holdsFor(libvirt)) {
                typed("bandwidth.postcopy", mebibytes(tuning.postcopyBandwidth()));
            }
        }

        private static long mebibytes(Bandwidth rate) {
            return Math.max(1, (long) (rate.bytesPerSecond() / MEBIBYTE));
        }

        void compression(TechniqueTraits traits, boolean multifd, MigrationTuning tuning) {
            Compression compression = traits.compression();
            boolean threads = compression != Compression.NONE && !multifd;
            List<String> methods = new ArrayList<>();
            if (compression != Compression.NONE) {
                methods.add(threads ? "mt" : compression.method());
            }
            if (traits.delta()) {
                methods.add("xbzrle");
            }
            if (methods.isEmpty()) {
                return;
            }
            flag(COMPRESSED).typed("compression", methods.size() == 1 ? methods.get(0) : List.copyOf(methods));
            if (threads) {
                typed("compression.mt.level", compression.level(tuning));
            } else if (compression != Compression.NONE) {
                multifdLevel(compression, tuning);
            }
            if (traits.delta()) {
                typed("compression.xbzrle.cache", tuning.xbzrleCache().bytes());
            }
            if (!traits.waitsForThread()) {
                monitor("compress-wait-thread", false);
            }
        }

        /** Leaves QEMU's default level out: libvirt's Python bindings before 9.4 do not know the type of these parameters. */
        private void multifdLevel(Compression compression, MigrationTuning tuning) {
            int level = compression.level(tuning);
            if (level != QEMU_MULTIFD_LEVEL) {
                typed("compression.%s.level".formatted(compression.method()), level);
            }
        }

        LibvirtSettings build() {
            return new LibvirtSettings(flags, typed, monitorCapabilities, monitor);
        }
    }
}
