package io.github.godwit.host.migrate;

import io.github.godwit.hostapi.Outcome;
import java.util.Optional;

/** Thrown where a cancelled migration stops; the VM runs on the source as before. */
public final class MigrationCancelledException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Outcome outcome;

    /** A migration that was cancelled on request, or before QEMU sent anything. */
    public MigrationCancelledException(String message) {
        this(message, null);
    }

    /** A migration that was cancelled at its time limit, with what it cost until then. */
    public MigrationCancelledException(String message, Outcome outcome) {
        super(message);
        this.outcome = outcome;
    }

    /** What the migration cost, where it ran into its time limit. */
    public Optional<Outcome> outcome() {
        return Optional.ofNullable(outcome);
    }
}
