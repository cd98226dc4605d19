package io.github.godwit.host.migrate.rate;

import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;

/** QEMU's own limit of a migration's rate, which follows that of its class. */
public interface SpeedLimit {

    /** A QEMU whose limit stays as it is. */
    SpeedLimit NONE = mebibytes -> {};

    /**
     * Sets the limit of a running migration.
     *
     * @param mebibytesPerSecond whole MiB/s, positive
     * @throws IOException if QEMU does not take it; then the old limit stays
     */
    void set(long mebibytesPerSecond) throws IOException;

    /** Whether a limit that is set now holds; otherwise it is set later. */
    default boolean holds() {
        return true;
    }

    /**
     * The next whole MiB/s above a rate, so that the class shapes the migration and QEMU does not, but never more than the operator allows.
     *
     * @param most the operator's limit
     */
    static long mebibytes(Bandwidth rate, Bandwidth most) {
        double mebibyte = 1 << 20;
        long above = (long) Math.ceil(rate.bytesPerSecond() / mebibyte);
        return Math.max(1, Math.min(above, (long) (most.bytesPerSecond() / mebibyte)));
    }
}
