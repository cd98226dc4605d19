package io.github.godwit.host.libvirt;

/** What libvirt tells of a migrating domain. */
public sealed interface JobEvent {

    /**
     * A round over the memory begins.
     *
     * @param number its number, from 1
     */
    record Iteration(int number) implements JobEvent {}

    /** The VM runs on the destination now. */
    record Postcopy() implements JobEvent {}

    /**
     * The job has ended.
     *
     * @param stats its last figures
     */
    record Completed(JobStats stats) implements JobEvent {}
}
