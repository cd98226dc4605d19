package io.github.godwit.host.libvirt;

/** An event of libvirt about a domain that is being migrated. */
public sealed interface JobEvent {

    /**
     * A pre-copy iteration over the memory begins (VIR_DOMAIN_EVENT_ID_MIGRATION_ITERATION).
     *
     * @param number its number, from 1
     */
    record Iteration(int number) implements JobEvent {}

    /** The VM is paused on this host, for the switchover of pre-copy (VIR_DOMAIN_EVENT_SUSPENDED_MIGRATED). */
    record Paused() implements JobEvent {}

    /** The migration has switched to post-copy: the VM runs on the destination. */
    record Postcopy() implements JobEvent {}

    /**
     * The job has ended (VIR_DOMAIN_EVENT_ID_JOB_COMPLETED).
     *
     * @param stats its final statistics
     */
    record Completed(JobStats stats) implements JobEvent {}
}
