package io.github.godwit.strategy.objects;

/** The states of an action, as Watcher has them. */
public enum ActionState {
    /** Not begun. */
    PENDING,
    /** Begun. */
    ONGOING,
    /** Done. */
    SUCCEEDED,
    /** Not done; its status message says why. */
    FAILED,
    /** Being stopped. */
    CANCELLING,
    /** Stopped, or never begun. */
    CANCELLED,
    /** Left out, by a user or because it was not needed. */
    SKIPPED,
    /** Archived. */
    DELETED;

    /** Whether nothing more happens to it. */
    public boolean isFinal() {
        return this != PENDING && this != ONGOING && this != CANCELLING;
    }
}
