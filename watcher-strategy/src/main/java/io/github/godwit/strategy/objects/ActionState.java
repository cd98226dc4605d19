package io.github.godwit.strategy.objects;

/** The states of an action, the same as Watcher's. */
public enum ActionState {
    /** It has not begun. */
    PENDING,
    /** It runs. */
    ONGOING,
    /** It took effect. */
    SUCCEEDED,
    /** It failed; the status message says why. */
    FAILED,
    /** It is being stopped. */
    CANCELLING,
    /** It was stopped, or never began. */
    CANCELLED,
    /** It was skipped, by a user or because it was not needed. */
    SKIPPED,
    /** Archived. */
    DELETED;

    /** Whether the action has ended and keeps this state. */
    public boolean isFinal() {
        return this != PENDING && this != ONGOING && this != CANCELLING;
    }
}
