package io.github.godwit.host.migrate.qemu;

import io.github.godwit.common.ListenAddress;
import io.github.godwit.host.migrate.recover.RecoveryAttempt;
import io.github.godwit.host.qmp.Qmp;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.client.HostDriverException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Joins the two QEMUs of a post-copy again whose connection broke: the destination listens ({@code migrate-recover}), and the source
 * connects ({@code migrate} with {@code resume}).
 */
final class QemuRejoin {

    /** What an operator can do, as the rest of a sentence. */
    static final String BY_HAND =
            "restart this host driver, which tries again, or run migrate-recover on the monitor of the destination's QEMU"
                    + " and then migrate with resume on the source's";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private QemuRejoin() {}

    /** The address of a ticket, as QEMU takes it. */
    static String uri(IncomingTicket ticket) {
        return "tcp:%s:%d".formatted(ListenAddress.inUrl(ticket.address()), ticket.port());
    }

    /**
     * Tries it once; QEMU's status shows what comes of it.
     *
     * @param source      the monitor of the source's QEMU
     * @param destination has the destination listen
     * @throws QmpException if the monitor fails, and it is not known whether the attempt has begun
     */
    static RecoveryAttempt attempt(Qmp source, Supplier<IncomingTicket> destination) throws QmpException {
        IncomingTicket ticket;
        try {
            ticket = destination.get();
        } catch (HostDriverException e) {
            return e.notFound()
                    ? RecoveryAttempt.impossible(
                            ("the destination has nothing of the migration any more, since its QEMU ends if the connection breaks while it"
                                            + " still loads the devices, or its host driver is of a version that cannot recover one (%s)")
                                    .formatted(e.getMessage()))
                    : RecoveryAttempt.failed(e.getMessage());
        }
        try {
            source.execute("migrate", Map.of("uri", uri(ticket), "resume", true), PATIENCE);
            return RecoveryAttempt.begun();
        } catch (QmpException e) {
            if (!e.refused()) {
                throw e;
            }
            return RecoveryAttempt.failed(e.getMessage());
        }
    }
}
