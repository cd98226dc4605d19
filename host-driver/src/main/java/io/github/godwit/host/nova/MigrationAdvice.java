package io.github.godwit.host.nova;

import io.github.godwit.host.nova.reserve.MigrationPort.PlannedPort;
import io.github.godwit.model.technique.LibvirtSettings;
import io.github.godwit.model.technique.Technique;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How nova-compute is to migrate.
 *
 * @param migration           the migration's id here, or null
 * @param technique           the technique; null for Nova's own flags
 * @param clear               names of {@code virDomainMigrateFlags} to take out of Nova's own
 * @param flags               names of those to put in
 * @param parameters          typed parameters by the names of {@code VIR_MIGRATE_PARAM_*}
 * @param switchover          when to switch to post-copy; in the answer to {@link NovaMessage.Kind#ALIVE} whether to do it now
 * @param downtimeLimitMillis QEMU's downtime limit, in place of Nova's steps
 * @param reason              why, in a sentence
 * @param aliveSeconds        how often nova-compute is to show that it follows the migration, in s; 0 for never
 * @param withdrawn           whether Godwit wants no influence on the migration, for the {@code reason}
 * @param port                the destination's port to migrate to, which nova-compute puts into the migration's URI; 0 to leave it to
 *                            libvirt
 * @param address             IP address of the destination, for a URI that Nova leaves to libvirt; null without a port
 */
public record MigrationAdvice(
        String migration,
        Technique technique,
        Set<String> clear,
        Set<String> flags,
        Map<String, Object> parameters,
        Switch switchover,
        long downtimeLimitMillis,
        String reason,
        int aliveSeconds,
        boolean withdrawn,
        int port,
        String address) {

    /** When nova-compute switches a migration to post-copy. */
    public enum Switch {
        /** Never. */
        WHEN_CONVERGED,
        /** As soon as the migration runs, or in an answer to a sign: now. */
        AT_ONCE,
        /** At the end of the first round. */
        AFTER_FIRST_ROUND,
        /** When the answer to a sign requests it, which older compute drivers do not do. */
        WHEN_REQUESTED;

        private static Switch of(Technique technique, boolean whenRequested) {
            return switch (technique.switchover()) {
                case WHEN_CONVERGED -> whenRequested ? WHEN_REQUESTED : WHEN_CONVERGED;
                case AT_ONCE -> AT_ONCE;
                case AFTER_FIRST_ROUND -> AFTER_FIRST_ROUND;
            };
        }
    }

    /** How often nova-compute shows that it follows a migration. */
    static final Duration SIGN_EVERY = Duration.ofSeconds(5);

    /** Nova's own flags. */
    public static MigrationAdvice own(String reason) {
        return new MigrationAdvice(null, null, Set.of(), Set.of(), Map.of(), null, 0, reason, 0, false, 0, null);
    }

    /** Godwit has no influence on a migration any more: nova-compute continues without it. */
    public static MigrationAdvice withdraw(String reason) {
        return new MigrationAdvice(null, null, Set.of(), Set.of(), Map.of(), null, 0, reason, 0, true, 0, null);
    }

    /** Nova's own flags, with nothing changed about Nova's order at all: Godwit only observes. */
    static MigrationAdvice observe(String reason) {
        return withdraw(reason);
    }

    /** nova-compute switches the migration to post-copy now. */
    static MigrationAdvice startPostcopy(String reason) {
        return new MigrationAdvice(
                null, null, Set.of(), Set.of(), Map.of(), Switch.AT_ONCE, 0, reason, 0, false, 0, null);
    }

    /**
     * A technique with its settings.
     *
     * @param whenRequested whether a pre-copy is switched to post-copy when nova-compute is requested to do so
     */
    public static MigrationAdvice of(
            String migration,
            Technique technique,
            LibvirtSettings settings,
            Duration downtimeLimit,
            String reason,
            boolean whenRequested) {
        return new MigrationAdvice(
                migration,
                technique,
                LibvirtSettings.flagsToClear(technique),
                settings.flags(),
                settings.typedParameters(),
                Switch.of(technique, whenRequested),
                downtimeLimit.toMillis(),
                reason,
                (int) SIGN_EVERY.toSeconds(),
                false,
                0,
                null);
    }

    /** The same to a port of the destination, if there is one. */
    MigrationAdvice to(Optional<PlannedPort> planned) {
        return new MigrationAdvice(
                migration,
                technique,
                clear,
                flags,
                parameters,
                switchover,
                downtimeLimitMillis,
                reason,
                aliveSeconds,
                withdrawn,
                planned.map(PlannedPort::number).orElse(0),
                planned.map(PlannedPort::address).orElse(null));
    }
}
