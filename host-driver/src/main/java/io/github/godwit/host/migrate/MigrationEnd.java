package io.github.godwit.host.migrate;

import io.github.godwit.hostapi.MigrationStatus.Progress;
import io.github.godwit.hostapi.PostcopyRecovery;
import io.github.godwit.model.watch.WatchChange;
import io.github.godwit.model.watch.WatchChange.BeginAgain;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a migration ended.
 *
 * @param info     QEMU's last figures
 * @param timedOut whether it was cancelled at its time limit
 * @param stuck    whether it was cancelled and QEMU did not end it in time
 * @param changes  what was changed about it while it ran, in order
 * @param recovery what became of a connection that broke in post-copy; null if none did
 */
public record MigrationEnd(
        MigrationInfo info, boolean timedOut, boolean stuck, List<WatchChange> changes, PostcopyRecovery recovery) {

    /** Copies the list. */
    public MigrationEnd {
        changes = List.copyOf(changes);
    }

    /** An end without changes. */
    public MigrationEnd(MigrationInfo info, boolean timedOut, boolean stuck) {
        this(info, timedOut, stuck, List.of(), null);
    }

    /**
     * Why the measurements of this migration are not those of its technique, as a clause: its connection broke, it was begun again, or it
     * was changed while it ran, and not as the technique foresees. Empty if they are.
     */
    public Optional<String> incomparable() {
        if (recovery != null) {
            return Optional.of(recovery.clause());
        }
        Stream<WatchChange> begunAgain = changes.stream().filter(BeginAgain.class::isInstance);
        Stream<WatchChange> last = changes.stream().skip(Math.max(0, changes.size() - 1));
        return Stream.concat(begunAgain, last)
                .map(WatchChange::clause)
                .distinct()
                .reduce((again, then) -> again + ", and " + then);
    }

    /** By which technique it is to be begun again; empty if it is not. */
    public Optional<BeginAgain> again() {
        return stuck || changes.isEmpty() || !(changes.get(changes.size() - 1) instanceof BeginAgain again)
                ? Optional.empty()
                : Optional.of(again);
    }

    /**
     * The same, with what an attempt before it took and changed.
     *
     * @param first how that ended
     * @param later time from the start of that attempt to the start of this one
     */
    public MigrationEnd after(MigrationEnd first, Duration later) {
        Progress progress = info.progress();
        return new MigrationEnd(
                info.withProgress(new Progress(
                        later.toMillis() + progress.elapsedMillis(),
                        first.info().progress().transferredBytes() + progress.transferredBytes(),
                        progress.remainingBytes(),
                        progress.dirtyPagesPerSecond(),
                        progress.throttlePercent(),
                        progress.rounds())),
                timedOut,
                stuck,
                Stream.concat(first.changes().stream(), changes.stream()).toList(),
                recovery);
    }

    /** The same for a migration that took longer than QEMU on the source says. */
    public MigrationEnd later(Duration whole) {
        Progress progress = info.progress();
        return new MigrationEnd(
                info.withProgress(new Progress(
                        whole.toMillis(),
                        progress.transferredBytes(),
                        progress.remainingBytes(),
                        progress.dirtyPagesPerSecond(),
                        progress.throttlePercent(),
                        progress.rounds())),
                timedOut,
                stuck,
                changes,
                recovery);
    }

    /**
     * Whether it ended because it was cancelled at its time limit. QEMU reports {@code cancelled} or, when a channel noticed first,
     * {@code failed}.
     */
    public boolean cancelledLate() {
        return timedOut && !info.completed();
    }
}
