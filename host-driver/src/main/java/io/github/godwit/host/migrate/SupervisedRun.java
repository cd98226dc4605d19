package io.github.godwit.host.migrate;

import io.github.godwit.hostapi.PostcopyRecovery;
import io.github.godwit.model.watch.WatchChange;

/** A migration as its supervisor sees it: what its caller wants, and where its progress goes. */
public interface SupervisedRun {

    /** Whether the caller wants the migration cancelled. */
    boolean cancelWanted();

    /** Commits to post-copy, just before it starts. After a true result the migration can no longer be cancelled. */
    boolean mayStartPostcopy();

    /** Records that the VM now runs on the destination. */
    void inPostcopy();

    /** Reports something that changes no phase. */
    void note(String message);

    /** Reports that the watching changes something about it. */
    void changed(WatchChange change);

    /** Records what has become of post-copy whose connection broke. */
    void recovery(PostcopyRecovery soFar);

    /** Records QEMU's figures; called about twice a second. */
    void progress(MigrationInfo info);
}
