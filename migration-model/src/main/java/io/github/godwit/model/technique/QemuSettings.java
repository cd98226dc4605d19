package io.github.godwit.model.technique;

import io.github.godwit.model.unit.Version;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What one technique tells QEMU: capabilities to turn on and parameters to set, on both ends, before the migration
 * starts (QMP {@code migrate-set-capabilities} and {@code migrate-set-parameters}). Facts: notes §3.4–3.8.
 *
 * @param capabilities capabilities to turn on; all others are off
 * @param parameters   migration parameters by QMP name; numbers or strings
 */
public record QemuSettings(Set<String> capabilities, Map<String, Object> parameters) {

    /** Copies both. */
    public QemuSettings {
        capabilities = Collections.unmodifiableSet(new LinkedHashSet<>(capabilities));
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /**
     * The settings of a technique for a QEMU version.
     *
     * @throws IllegalArgumentException when that version has no such technique; see {@link #missingIn}
     */
    public static QemuSettings of(Technique technique, Version qemu, MigrationTuning tuning) {
        missingIn(technique, qemu).ifPresent(reason -> {
            throw new IllegalArgumentException(
                    "%s cannot run on QEMU %s: it %s.".formatted(technique.id(), qemu, reason));
        });
        Builder settings = new Builder(technique, tuning);
        switch (technique) {
            case PRE_COPY -> {}
            case POST_COPY, PRE_POST_COPY -> settings.postcopy();
            case POST_COPY_PREEMPT -> settings.postcopy().on("postcopy-preempt");
            case AUTO_CONVERGE ->
                settings.on("auto-converge")
                        .set("cpu-throttle-initial", tuning.throttleInitial())
                        .set("cpu-throttle-increment", tuning.throttleIncrement())
                        .set("max-cpu-throttle", tuning.throttleMax());
            case XBZRLE -> settings.xbzrle();
            case MULTIFD -> settings.multifd("none");
            case ZSTD -> settings.multifd("zstd").set("multifd-zstd-level", tuning.zstdLevel());
            case ZLIB -> {
                if (qemu.atLeast(5, 0)) {
                    settings.multifd("zlib").set("multifd-zlib-level", tuning.zlibLevel());
                } else {
                    settings.compressThreads();
                }
            }
            case ZLIB_ASYNC -> settings.compressThreads().set("compress-wait-thread", false);
            case XBZRLE_ZLIB -> settings.compressThreads().xbzrle();
            case XBZRLE_ZLIB_ASYNC -> settings.compressThreads().xbzrle().set("compress-wait-thread", false);
            case DIRTY_LIMIT ->
                settings.on("dirty-limit").set("vcpu-dirty-limit", tuning.dirtyLimitMegabytesPerSecond());
        }
        return settings.build();
    }

    /**
     * Why a QEMU version lacks a technique, as the rest of a sentence that begins with "it", or nothing when it has it.
     * Build options (zstd, userfaultfd) are not known here: the host driver probes the binary for those.
     */
    public static java.util.Optional<String> missingIn(Technique technique, Version qemu) {
        String reason = switch (technique) {
            case PRE_COPY -> null;
            case POST_COPY, PRE_POST_COPY -> since(qemu, 2, 6, "post-copy");
            case AUTO_CONVERGE -> since(qemu, 2, 5, "auto-converge with its parameters");
            case XBZRLE -> since(qemu, 1, 3, "xbzrle");
            case MULTIFD -> since(qemu, 4, 0, "multifd");
            case ZSTD -> since(qemu, 5, 0, "multifd compression");
            case ZLIB -> since(qemu, 2, 4, "page compression");
            case POST_COPY_PREEMPT -> since(qemu, 7, 1, "postcopy-preempt");
            case DIRTY_LIMIT -> since(qemu, 8, 1, "dirty-limit");
            case ZLIB_ASYNC ->
                qemu.atLeast(9, 1)
                        ? "needs QEMU 9.0 or older: compress threads were removed in 9.1"
                        : since(qemu, 3, 1, "compress-wait-thread");
            case XBZRLE_ZLIB -> compressWithXbzrle(qemu, since(qemu, 2, 4, "page compression"));
            case XBZRLE_ZLIB_ASYNC -> compressWithXbzrle(qemu, since(qemu, 3, 1, "compress-wait-thread"));
        };
        return java.util.Optional.ofNullable(reason);
    }

    private static String compressWithXbzrle(Version qemu, String tooOld) {
        if (qemu.atLeast(9, 1)) {
            return "needs QEMU 8.1 or older: compress threads were removed in 9.1";
        }
        return qemu.atLeast(8, 2) ? "needs QEMU 8.1 or older: 8.2 refuses compress with xbzrle" : tooOld;
    }

    private static String since(Version qemu, int major, int minor, String what) {
        return qemu.atLeast(major, minor)
                ? null
                : "needs QEMU %d.%d or newer: that release added %s".formatted(major, minor, what);
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

        Builder postcopy() {
            return on("postcopy-ram");
        }

        Builder xbzrle() {
            return on("xbzrle").set("xbzrle-cache-size", tuning.xbzrleCache().bytes());
        }

        Builder multifd(String compression) {
            return on("multifd")
                    .set("multifd-channels", tuning.multifdChannels())
                    .set("multifd-compression", compression);
        }

        Builder compressThreads() {
            return on("compress").set("compress-level", tuning.zlibLevel());
        }

        QemuSettings build() {
            return new QemuSettings(capabilities, parameters);
        }
    }
}
