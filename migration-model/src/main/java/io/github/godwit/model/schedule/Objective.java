package io.github.godwit.model.schedule;

/** What a schedule is to minimise. */
public enum Objective {
    /** The time until the last VM has left; among equal schedules the weighted violations. */
    EMPTY_TIME,
    /** The weighted SLO violations of all migrations; among equal schedules the time until the last VM has left. */
    WEIGHTED_VIOLATIONS
}
