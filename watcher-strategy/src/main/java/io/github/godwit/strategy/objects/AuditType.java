package io.github.godwit.strategy.objects;

/** When an audit runs. */
public enum AuditType {
    /** Once, at once. */
    ONESHOT,
    /** Again and again, by an interval or a cron expression. */
    CONTINUOUS,
    /** Whenever its webhook is called. */
    EVENT
}
