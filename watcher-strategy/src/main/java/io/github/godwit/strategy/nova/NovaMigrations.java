package io.github.godwit.strategy.nova;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.nova.MigrationPoll;
import io.github.godwit.nova.Nova;
import io.github.godwit.nova.NovaLiveMigrations.MigrationRecord;
import io.github.godwit.nova.OpenStackException;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.MoveOrder;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Migrations of Nova's servers. The host driver of the source is given the technique first, then Nova is requested to migrate the
 * server. nova-compute asks the host driver for the technique, and the host driver reports the progress. Nova decides when the
 * migration has ended and where the server is: as long as it has the server migrating, which includes its queue, it is waited for.
 */
final class NovaMigrations {

    private static final Logger LOG = LoggerFactory.getLogger(NovaMigrations.class);
    private static final String ACTIVE = "ACTIVE";

    /** Maximum time for the host driver to profile the VM and choose a technique. */
    private static final Duration DECISION_LIMIT = Duration.ofSeconds(30);

    /** The host driver follows a migration as long as libvirt has it; the end is decided by Nova. */
    private static final Duration NO_LIMIT = Duration.ofDays(30);

    /** Nova needs some seconds to abort a migration. */
    private static final Duration ABORT_AGAIN = Duration.ofSeconds(30);

    private static final String NO_ANSWER =
            "Nova does not answer. Whether the migration has ended is known only when it answers again.";

    private static final int SERVER_ERROR = 500;
    private static final int REMEMBERED = 500;

    /**
     * How often and how long Nova and the host driver are asked.
     *
     * @param poll     between two requests to Nova, whose API has no events
     * @param lastWord from the end in Nova to the outcome of the host driver
     */
    record Pace(Duration poll, Duration lastWord) {
        static final Pace DEFAULT = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(30));
    }

    private final Cloud drivers;
    private final Nova nova;
    private final HostNames names;
    private final Pace pace;
    private final MigrationPoll poll;
    private final ExecutorService threads = DaemonThreads.cached("nova-follow");
    private final Map<UUID, Requested> requested = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Requested> eldest) {
            return size() > REMEMBERED;
        }
    });

    NovaMigrations(Cloud drivers, Nova nova, HostNames names, Pace pace) {
        this.drivers = drivers;
        this.nova = nova;
        this.names = names;
        this.pace = pace;
        this.poll = new MigrationPoll(nova, pace.poll());
    }

    /** A migration that Nova was requested to execute. */
    private static final class Requested {
        private final MoveOrder order;
        private volatile long runningSince;
        private volatile boolean running;
        private volatile long abortedAt = System.nanoTime() - ABORT_AGAIN.toNanos();
        private volatile boolean cancelWanted;
        private volatile String note;
        private volatile MigrationStatus end;

        Requested(MoveOrder order) {
            this.order = order;
        }

        private boolean overdue() {
            return running
                    && order.timeLimit() != null
                    && System.nanoTime() - runningSince > order.timeLimit().toNanos();
        }
    }

    /** Ends {@link Cloud#follow} early, once the technique of the migration is decided. */
    private static final class Decided extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Decided() {
            super("decided", null, false, false);
        }
    }

    /** Starts a migration. A repeated order with the same id continues where the first one stopped. */
    MigrationStatus migrate(MoveOrder order) {
        consider(order);
        MigrationStatus status = drivers.migrate(order);
        if (!named(order.vm())) {
            return status;
        }
        status = decided(order, status);
        if (requested.containsKey(order.id())) {
            return status;
        }
        if (status.phase() == Phase.MIGRATING || status.phase() == Phase.POSTCOPY) {
            requested.put(order.id(), new Requested(order)); // by an instance that has died
            return status;
        }
        try {
            Nova.Server server = server(order.vm())
                    .orElseThrow(() -> ServiceRefusal.notFound("Nova no longer has server %s.".formatted(order.vm())));
            if (server.migrating()) {
                requested.put(order.id(), new Requested(order)); // by an earlier attempt of the same order
            } else if (status.phase() == Phase.PREPARING) {
                requestMigration(order, server.status());
                requested.put(order.id(), new Requested(order));
            }
        } catch (ServiceRefusal e) {
            withdraw(order.source(), order.id());
            throw e;
        }
        return status;
    }

    private void consider(MoveOrder order) {
        try {
            names.consider(List.of(order.source(), order.destination()));
        } catch (OpenStackException e) {
            throw ServiceRefusal.unavailable(e.getMessage());
        }
    }

    private void requestMigration(MoveOrder order, String state) {
        if (!ACTIVE.equals(state)) {
            throw ServiceRefusal.conflict("Server %s is %s and no longer ACTIVE.".formatted(order.vm(), state));
        }
        try {
            nova.liveMigrate(order.vm(), order.destination());
        } catch (OpenStackException e) {
            boolean unanswered = e.status() == OpenStackException.NO_ANSWER || e.status() >= SERVER_ERROR;
            if (!unanswered || !mayMigrate(order.vm())) {
                throw ServiceRefusal.conflict(e.getMessage());
            }
        }
    }

    /** Returns whether Nova may have accepted a request that it did not answer. */
    private boolean mayMigrate(String vm) {
        try {
            return nova.findServer(vm).filter(Nova.Server::migrating).isPresent();
        } catch (OpenStackException e) {
            return true; // it is followed, until Nova answers
        }
    }

    /** Returns whether a VM has the name of a server of Nova. */
    static boolean named(String vm) {
        try {
            UUID.fromString(vm);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Optional<Nova.Server> server(String vm) {
        try {
            return nova.findServer(vm);
        } catch (OpenStackException e) {
            throw ServiceRefusal.unavailable(e.getMessage());
        }
    }

    private MigrationStatus decided(MoveOrder order, MigrationStatus status) {
        if (status.phase() != Phase.PROFILING) {
            return status;
        }
        try {
            return drivers.follow(order.source(), order.id(), DECISION_LIMIT, event -> {
                if (event.phase() != Phase.PROFILING) {
                    throw new Decided();
                }
            });
        } catch (Decided e) {
            return drivers.findMigration(order.source(), order.id()).orElse(status);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the technique was being chosen", e);
        }
    }

    private void withdraw(String source, UUID id) {
        try {
            drivers.cancel(source, id);
        } catch (RuntimeException e) {
            LOG.warn("Migration {} on {} still waits for Nova and cannot be cancelled: {}", id, source, e.getMessage());
        }
    }

    /** Returns what Nova reports about a server, or nothing if it does not answer. What all migrations share is not older than a poll. */
    private Optional<NovaVerdict> read(String vm) {
        try {
            MigrationPoll.State state = poll.read(vm);
            return Optional.of(state.migrating() ? NovaVerdict.migrating(state.newest()) : readServer(vm));
        } catch (OpenStackException e) {
            LOG.debug("Server {} cannot be read from Nova: {}", vm, e.getMessage());
            return Optional.empty();
        }
    }

    private NovaVerdict readServer(String vm) {
        Optional<Nova.Server> server = nova.findServer(vm);
        List<MigrationRecord> records =
                server.isEmpty() ? List.of() : nova.liveMigrations().of(vm);
        return NovaVerdict.of(server, records.stream().findFirst());
    }

    private Optional<String> reason(String vm) {
        try {
            return nova.migrationError(vm);
        } catch (OpenStackException e) {
            LOG.warn("The events of server {} cannot be read from Nova: {}", vm, e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Returns the status of a migration, as Nova has it: it has ended only when Nova has ended it. Nova accepts a request before its
     * scheduler and its checks have approved it. A server that is no longer MIGRATING while its host driver still waits for
     * nova-compute has been rejected; the host driver's migration is cancelled then.
     */
    Optional<MigrationStatus> find(String source, UUID id) {
        Requested request = requested.get(id);
        if (request == null) {
            return drivers.findMigration(source, id);
        }
        if (request.end != null) {
            return Optional.of(request.end);
        }
        MigrationStatus known = lastStatus(request).orElseGet(() -> unknown(request.order));
        Optional<NovaVerdict> view = read(request.order.vm());
        if (view.isEmpty()) {
            return Optional.of(waiting(known, Phase.MIGRATING));
        }
        if (view.get().ended()) {
            return Optional.of(
                    known.phase() == Phase.MIGRATING || known.phase() == Phase.POSTCOPY
                            ? known
                            : end(request, view.get(), known));
        }
        enforce(request, view.get(), known);
        return Optional.of(waiting(known, view.get().phase(known.phase())));
    }

    /** Returns a status that is not final, whatever the host driver reports. */
    private static MigrationStatus waiting(MigrationStatus known, Phase phase) {
        return known.phase().isFinal() ? known.with(phase, known.error()) : known;
    }

    private Optional<MigrationStatus> lastStatus(Requested request) {
        try {
            return drivers.findMigration(request.order.source(), request.order.id());
        } catch (HostDriverException | IllegalStateException e) {
            LOG.warn("Migration {}: {}", request.order.id(), e.getMessage());
            return Optional.empty();
        }
    }

    private MigrationStatus end(Requested request, NovaVerdict view, MigrationStatus known) {
        if (!known.phase().isFinal() && known.phase() != Phase.MIGRATING && known.phase() != Phase.POSTCOPY) {
            withdraw(request.order.source(), request.order.id());
        }
        MigrationStatus end = view.of(known, request.note, () -> reason(request.order.vm()));
        if (end.phase() != Phase.COMPLETED) {
            LOG.warn("Migration {}: {}", request.order.id(), end.error());
        }
        request.end = end;
        return end;
    }

    /** Aborts a migration that was cancelled or has exceeded its time limit. In post-copy it can only be waited for. */
    private void enforce(Requested request, NovaVerdict view, MigrationStatus known) {
        MoveOrder order = request.order;
        Phase phase = view.phase(known.phase());
        if (!request.running && (phase == Phase.MIGRATING || phase == Phase.POSTCOPY || transfers(view))) {
            long elapsed = known.progress() == null ? 0 : known.progress().elapsedMillis();
            request.runningSince =
                    System.nanoTime() - Duration.ofMillis(elapsed).toNanos();
            request.running = true;
        }
        if (known.phase() == Phase.COMPLETED || !(request.cancelWanted || request.overdue())) {
            return;
        }
        if (phase == Phase.POSTCOPY) {
            if (request.overdue() && request.note == null) {
                request.note =
                        "The migration has exceeded its time limit of %d s. It is in post-copy and cannot be aborted."
                                .formatted(order.timeLimit().toSeconds());
                LOG.warn("Migration {}: {}", order.id(), request.note);
            }
            return;
        }
        Optional<MigrationRecord> record = view.current().filter(MigrationRecord::abortable);
        if (record.isEmpty() || System.nanoTime() - request.abortedAt < ABORT_AGAIN.toNanos()) {
            return; // without a record Nova's scheduler has it, or it is being completed; the next poll shows it
        }
        request.abortedAt = System.nanoTime();
        try {
            nova.liveMigrations().abort(order.vm(), record.get().id());
            if (request.overdue()) {
                request.note = "The migration exceeded its time limit of %d s, and Nova was requested to abort it."
                        .formatted(order.timeLimit().toSeconds());
            }
        } catch (OpenStackException e) {
            LOG.warn("Nova does not abort the migration of server {}: {}", order.vm(), e.getMessage());
        }
    }

    private static boolean transfers(NovaVerdict view) {
        return view.current()
                .filter(record -> "running".equals(record.status()))
                .isPresent();
    }

    /** Cancels a migration: in Nova, if Nova has it; else on the host driver. */
    void cancel(String source, UUID id) {
        Requested request = requested.get(id);
        if (request == null || request.end != null) {
            drivers.cancel(source, id);
            return;
        }
        Optional<NovaVerdict> view = read(request.order.vm());
        if (view.isEmpty() || view.get().ended()) {
            drivers.cancel(source, id);
            return;
        }
        Phase reported = lastStatus(request).map(MigrationStatus::phase).orElse(Phase.PREPARING);
        if (view.get().phase(reported) == Phase.POSTCOPY) {
            throw ServiceRefusal.conflict("Server %s is in post-copy, which cannot be aborted. The migration continues."
                    .formatted(request.order.vm()));
        }
        request.cancelWanted = true; // whoever follows it aborts it as soon as Nova allows that
        view.get().current().filter(MigrationRecord::abortable).ifPresent(record -> {
            try {
                request.abortedAt = System.nanoTime();
                nova.liveMigrations().abort(request.order.vm(), record.id());
            } catch (OpenStackException e) {
                throw ServiceRefusal.conflict(e.getMessage());
            }
        });
    }

    /** Follows a migration until Nova has ended it, and then until the host driver has reported its outcome. */
    MigrationStatus follow(String source, UUID id, Duration atMost, Consumer<MigrationEvent> listener)
            throws InterruptedException {
        Requested request = requested.get(id);
        if (request == null) {
            return drivers.follow(source, id, atMost, listener);
        }
        if (request.end != null) {
            return request.end;
        }
        BlockingQueue<MigrationEvent> events = new LinkedBlockingQueue<>();
        Future<MigrationStatus> reports = threads.submit(() -> drivers.follow(source, id, NO_LIMIT, events::add));
        try {
            return follow(request, reports, events, listener);
        } finally {
            reports.cancel(true);
        }
    }

    private MigrationStatus follow(
            Requested request,
            Future<MigrationStatus> reports,
            BlockingQueue<MigrationEvent> events,
            Consumer<MigrationEvent> listener)
            throws InterruptedException {
        MigrationStatus known = lastStatus(request).orElseGet(() -> unknown(request.order));
        long ended = 0;
        boolean hasEnded = false;
        String published = null;
        while (true) {
            known = pass(events, listener, known);
            Reported reported = reported(request, reports, known);
            known = reported.status();
            MigrationStatus last = known;
            Optional<NovaVerdict> view = read(request.order.vm());
            if (view.isPresent() && view.get().ended()) {
                if (!known.phase().isFinal() && !reported.lost()) {
                    known = lastStatus(request).orElse(known); // it may have changed while Nova was asked
                }
                if (!hasEnded) {
                    hasEnded = true;
                    ended = System.nanoTime();
                }
                boolean runs = known.phase() == Phase.MIGRATING || known.phase() == Phase.POSTCOPY;
                if (!runs
                        || reported.lost()
                        || System.nanoTime() - ended > pace.lastWord().toNanos()) {
                    return end(request, view.get(), known);
                }
            } else {
                hasEnded = false;
                view.ifPresent(migrating -> enforce(request, migrating, last));
                String news = view.isPresent() ? news(request, view.get(), last) : NO_ANSWER;
                if (news != null && !news.equals(published)) {
                    Phase phase = view.map(migrating -> migrating.phase(last.phase()))
                            .orElse(last.phase().isFinal() ? Phase.MIGRATING : last.phase());
                    listener.accept(new MigrationEvent(Instant.now(), phase, news, last.with(phase, news)));
                    LOG.info("Migration {}: {}", request.order.id(), news);
                    published = news;
                }
            }
            MigrationEvent next = events.poll(pace.poll().toMillis(), TimeUnit.MILLISECONDS);
            if (next != null) {
                listener.accept(next);
                known = next.status();
            }
        }
    }

    /** Returns what an operator should know about a migration that Nova has not ended, or null. */
    private static String news(Requested request, NovaVerdict view, MigrationStatus known) {
        if (request.note != null) {
            return request.note;
        }
        String status = view.current().map(MigrationRecord::status).orElse("accepted");
        if (known.phase().isFinal()) {
            return "Nova still has the server migrating (%s)%s"
                    .formatted(
                            status,
                            known.error() == null ? "." : ", although its host driver reports: " + known.error());
        }
        return "queued".equals(status) ? "Nova has queued the migration." : null;
    }

    private static MigrationStatus pass(
            BlockingQueue<MigrationEvent> events, Consumer<MigrationEvent> listener, MigrationStatus known) {
        MigrationStatus last = known;
        for (MigrationEvent event = events.poll(); event != null; event = events.poll()) {
            listener.accept(event);
            last = event.status();
        }
        return last;
    }

    /**
     * What the host driver reports.
     *
     * @param status its last status
     * @param lost   whether it reports nothing more
     */
    private record Reported(MigrationStatus status, boolean lost) {}

    private Reported reported(Requested request, Future<MigrationStatus> reports, MigrationStatus known)
            throws InterruptedException {
        if (!reports.isDone()) {
            return new Reported(known, false);
        }
        try {
            MigrationStatus last = reports.get();
            return new Reported(
                    last.phase().isFinal() ? last : lastStatus(request).orElse(last), false);
        } catch (ExecutionException e) {
            LOG.debug("Migration {} is followed in Nova only", request.order.id(), e.getCause());
            String error = e.getCause().getMessage();
            return new Reported(known.with(known.phase(), error), true);
        }
    }

    private static MigrationStatus unknown(MoveOrder order) {
        return new MigrationStatus(
                order.id().toString(),
                order.vm(),
                order.source(),
                order.destination(),
                order.technique(),
                order.policy(),
                Phase.PREPARING,
                null,
                null,
                null,
                null);
    }
}
