package io.github.godwit.hostapi;

import java.time.Instant;

/**
 * Something that happened in a migration; progress comes as an event too, twice a second.
 *
 * @param time    when
 * @param phase   the phase it is in now
 * @param message what happened, for people
 * @param status  the whole status at that moment
 */
public record MigrationEvent(Instant time, MigrationStatus.Phase phase, String message, MigrationStatus status) {}
