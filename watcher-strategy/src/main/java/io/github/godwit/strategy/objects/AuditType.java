package io.github.godwit.strategy.objects;

/** When an audit runs. */
public enum AuditType {
    /** Once, as soon as it is created. */
    ONESHOT,
    /** Repeatedly, by an interval or a cron expression. */
    CONTINUOUS,
    /** Each time its webhook is called. */
    EVENT
}
