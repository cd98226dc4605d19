package io.github.godwit.host.migrate.qemu;

import io.github.godwit.host.migrate.rate.SpeedLimit;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The limit of a QEMU that the host driver started: {@code max-bandwidth}, and with post-copy {@code max-postcopy-bandwidth} as well. The
 * next migration sets both anew.
 */
final class QmpSpeedLimit implements SpeedLimit {

    /** QEMU does not answer while it sends the last pages: it holds its main loop. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final QemuMigration.Connection connection;
    private final boolean postcopy;

    /**
     * @param postcopy whether the migration may switch to post-copy
     */
    QmpSpeedLimit(QemuMigration.Connection connection, boolean postcopy) {
        this.connection = connection;
        this.postcopy = postcopy;
    }

    @Override
    public void set(long mebibytesPerSecond) throws IOException {
        long bytes = mebibytesPerSecond << 20;
        Map<String, Object> parameters = new LinkedHashMap<>(Map.of("max-bandwidth", bytes));
        if (postcopy) {
            parameters.put("max-postcopy-bandwidth", bytes);
        }
        connection.open().execute("migrate-set-parameters", parameters, PATIENCE);
    }
}
