package io.github.godwit.host.nova.reserve;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.migrate.OngoingMigration;
import io.github.godwit.hostapi.GrantedRate;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.IncomingRate;
import io.github.godwit.hostapi.IncomingRequest;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.hostapi.client.IncomingClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host driver of the destination of one migration. Messages that must not get lost are repeated, on other threads, because nova-compute
 * may be waiting.
 */
final class Destination {

    private static final Logger LOG = LoggerFactory.getLogger(Destination.class);

    /** How often a message that must not get lost is sent, each time after twice the pause. */
    private static final int TRIES = 6;

    /** Of its own, because a host driver that hangs must not delay messages to others. */
    static final Executor THREADS = task -> DaemonThreads.start("reservation", task);

    private final MigrationParts parts;
    private final OngoingMigration run;
    private final Consumer<String> note;
    private volatile boolean prepared;

    /** A destination that has prepared nothing yet. */
    Destination(MigrationParts parts, OngoingMigration run, Consumer<String> note) {
        this.parts = parts;
        this.run = run;
        this.note = note;
    }

    /** Has it prepare, which is undone by {@link #abandon} even if it does not answer. */
    IncomingTicket prepare(IncomingRequest request, boolean wantsPort) {
        prepared = true;
        return wantsPort ? peer().prepareWithPort(request) : peer().prepareToConfirm(request);
    }

    /**
     * Has it keep what it prepared.
     *
     * @param usesPort whether the migration goes to the port that it keeps, if it keeps one; otherwise it gives that back
     */
    void confirm(boolean usesPort) {
        tell(peer -> peer.confirm(run.id(), usesPort), 1);
    }

    /** Has it reserve what is reserved here. */
    GrantedRate rate(IncomingRate rate) {
        return peer().rate(run.id(), rate);
    }

    /** Reports the arrival of the VM, so that it releases its reservation. */
    void arrived() {
        if (!prepared) {
            return;
        }
        prepared = false;
        try {
            Heartbeats unused = peer().finish(run.id());
        } catch (HostDriverException e) {
            if (!e.notFound()) {
                note.accept("The arrival could not be reported to the destination: " + e.getMessage());
                tell(peer -> peer.abandon(run.id()), 1);
            }
        }
    }

    /** Has it release its reservation, also if it answers late; does nothing if called again. */
    synchronized void abandon() {
        if (prepared) {
            prepared = false;
            tell(peer -> peer.abandon(run.id()), 1);
        }
    }

    private void tell(Consumer<IncomingClient> message, int attempt) {
        Duration pause = attempt == 1 ? Duration.ZERO : Duration.ofSeconds(1L << (attempt - 2));
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, THREADS)
                .execute(() -> {
                    try {
                        message.accept(peer());
                    } catch (HostDriverException e) {
                        if (e.refused()) {
                            LOG.debug("The destination does not know migration {} any more", run.id(), e);
                        } else if (attempt < TRIES) {
                            tell(message, attempt + 1);
                        } else {
                            LOG.warn(
                                    "The destination of migration {} cannot be reached, and keeps its reservation as long as QEMU receives: {}",
                                    run.id(),
                                    e.getMessage());
                        }
                    }
                });
    }

    private IncomingClient peer() {
        return parts.peers().apply(run.request().destination()).incoming();
    }
}
