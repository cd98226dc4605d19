package io.github.godwit.host.migrate;

/** One migration as the supervision of its QEMU sees it: what the caller wants, and who hears of its progress. */
public interface SupervisedRun {

    /** Whether the caller wants the migration cancelled. */
    boolean cancelWanted();

    /** Asked just before post-copy: after a true answer, the migration can no longer be cancelled. */
    boolean mayStartPostcopy();

    /** The VM runs on the destination now. */
    void inPostcopy();

    /** QEMU's figures, twice a second. */
    void progress(MigrationInfo info);
}
