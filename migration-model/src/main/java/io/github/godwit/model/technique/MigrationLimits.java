package io.github.godwit.model.technique;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import java.time.Duration;

/**
 * Limits that the operator of a host sets for migrations from it, with Nova in nova.conf. They bound what Godwit chooses, and every
 * prediction is made with them.
 *
 * @param downtimeLimit   the longest {@code downtime-limit} of pre-copy techniques ({@code live_migration_downtime}); null for Godwit's
 *                        default
 * @param maxBandwidth    the highest rate of a migration ({@code live_migration_bandwidth}); null for no limit
 * @param multifdChannels connections of techniques that use several ({@code live_migration_parallel_connections}); 0 for Godwit's
 *                        default
 * @param nativeTls       whether QEMU encrypts migrations ({@code live_migration_with_native_tls}), which no prediction includes
 * @param maxConcurrent   how many migrations leave this host at the same time ({@code max_concurrent_live_migrations}); 0 for any number,
 *                        null if it is unknown
 */
public record MigrationLimits(
        Duration downtimeLimit, Bandwidth maxBandwidth, int multifdChannels, boolean nativeTls, Integer maxConcurrent) {

    /** No limit. */
    public static final MigrationLimits NONE = new MigrationLimits(null, null, 0, false);

    private static final String TLS_CAVEAT =
            " The migration is encrypted (live_migration_with_native_tls), which the prediction does not include.";

    /**
     * Checks the number of migrations.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public MigrationLimits {
        if (maxConcurrent != null) {
            Checks.notNegative("maxConcurrent", maxConcurrent);
        }
    }

    /** Limits where it is unknown how many migrations leave this host at the same time. */
    public MigrationLimits(Duration downtimeLimit, Bandwidth maxBandwidth, int multifdChannels, boolean nativeTls) {
        this(downtimeLimit, maxBandwidth, multifdChannels, nativeTls, null);
    }

    /** The tuning within these limits. The downtime limit replaces that of the tuning, also where it is longer. */
    public MigrationTuning applyTo(MigrationTuning tuning) {
        MigrationTuning limited = downtimeLimit == null ? tuning : tuning.withDowntimeLimit(downtimeLimit);
        if (maxBandwidth != null) {
            limited = limited.withMaxBandwidth(limited.maxBandwidth().min(maxBandwidth))
                    .withPostcopyBandwidth(limited.postcopyBandwidth().min(maxBandwidth));
        }
        return multifdChannels == 0 ? limited : limited.withMultifdChannels(multifdChannels);
    }

    /** A rate that somebody wants to reserve, or the highest rate where that is less: more could never be used. */
    public Bandwidth atMost(Bandwidth wanted) {
        return maxBandwidth == null ? wanted : wanted.min(maxBandwidth);
    }

    /** A downtime limit that somebody asks for, or the limit where that is shorter. */
    public Duration shorter(Duration wanted) {
        return downtimeLimit == null || wanted.compareTo(downtimeLimit) < 0 ? wanted : downtimeLimit;
    }

    /** What a prediction leaves out, as a sentence with a leading space, or an empty string. */
    public String caveats() {
        return nativeTls ? TLS_CAVEAT : "";
    }
}
