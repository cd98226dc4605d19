package io.github.godwit.host.migrate.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.common.ListenAddress;
import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.QemuMigrationStatus;
import io.github.godwit.host.qmp.QmpException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A QEMU that listens for its source, at first and after the connection broke in post-copy.
 *
 * @param qmp     its monitor
 * @param address IP address on which this host receives migrations
 */
record ListeningQemu(Monitor qmp, String address) {

    /** From {@code migrate-pause} until QEMU has left its connection: it does not wait for the other side. */
    private static final Duration PAUSES = Duration.ofSeconds(3);

    private static final Duration POLL = Duration.ofMillis(50);

    /** Has it listen for the first time; QEMU chooses a free port itself, so that two migrations never compete for one. */
    int listen() throws QmpException {
        return listen("migrate-incoming");
    }

    /**
     * Has it listen again. A QEMU that has not noticed that its connection is gone gets {@code migrate-pause}: it would notice only when TCP
     * gives up, after a quarter of an hour.
     *
     * @return the new port
     * @throws Refusal      if it is not in a post-copy that can be recovered
     * @throws QmpException if QEMU refuses, or does not answer
     */
    int listenAgain() throws QmpException {
        requirePaused();
        return listen("migrate-recover");
    }

    /** The same on a Unix socket. */
    void listenAgain(Path socket) throws QmpException {
        requirePaused();
        qmp.execute("migrate-recover", Map.of("uri", "unix:" + socket));
    }

    private void requirePaused() throws QmpException {
        QemuMigrationStatus status = status();
        if (status == QemuMigrationStatus.POSTCOPY_ACTIVE || status == QemuMigrationStatus.POSTCOPY_RECOVER) {
            qmp.execute("migrate-pause");
            status = paused();
        }
        if (status != QemuMigrationStatus.POSTCOPY_PAUSED) {
            throw Refusal.conflict("The destination's QEMU is not in a post-copy whose connection broke, but %s."
                    .formatted(status.qmpName()));
        }
    }

    private QemuMigrationStatus paused() throws QmpException {
        long deadline = System.nanoTime() + PAUSES.toNanos();
        QemuMigrationStatus status = status();
        try {
            while (status != QemuMigrationStatus.POSTCOPY_PAUSED && System.nanoTime() < deadline) {
                TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
                status = status();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return status;
    }

    private QemuMigrationStatus status() throws QmpException {
        return QemuMigrationStatus.of(
                qmp.execute("query-migrate").path("status").asText("none"));
    }

    private int listen(String command) throws QmpException {
        qmp.execute(command, Map.of("uri", "tcp:%s:0".formatted(ListenAddress.inUrl(address))));
        for (JsonNode socket : qmp.execute("query-migrate").path("socket-address")) {
            int port = socket.path("port").asInt();
            if (port > 0) {
                return port;
            }
        }
        throw new QmpException("QEMU does not report on which port of %s it listens.".formatted(address), true, null);
    }
}
