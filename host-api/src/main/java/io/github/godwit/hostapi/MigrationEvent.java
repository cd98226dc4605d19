package io.github.godwit.hostapi;

import java.time.Instant;

/**
 * An event of a migration: a change of its phase, or its progress, which is sent twice a second.
 *
 * @param time    when the event happened
 * @param phase   the phase of the migration from then on
 * @param message a sentence for people
 * @param status  the complete status at that time
 */
public record MigrationEvent(Instant time, MigrationStatus.Phase phase, String message, MigrationStatus status) {}
