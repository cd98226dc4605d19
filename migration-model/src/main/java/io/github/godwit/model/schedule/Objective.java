package io.github.godwit.model.schedule;

/** What a schedule is to minimise. */
public enum Objective {
    /**
     * The time until the last VM has left; among schedules of about the same time, the one whose VMs are in migration for the shortest time,
     * then the weighted violations.
     */
    EMPTY_TIME,
    /** The weighted SLO violations of all migrations; among equal schedules the time until the last VM has left. */
    WEIGHTED_VIOLATIONS
}
