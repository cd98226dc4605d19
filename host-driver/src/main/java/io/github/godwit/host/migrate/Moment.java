package io.github.godwit.host.migrate;

/**
 * The circumstances under which a rule of supervision decides.
 *
 * @param nanos        the time by {@link System#nanoTime}, in ns
 * @param cancelWanted whether the caller wants the migration cancelled
 */
public record Moment(long nanos, boolean cancelWanted) {}
