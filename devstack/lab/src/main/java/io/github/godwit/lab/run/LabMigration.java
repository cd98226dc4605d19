package io.github.godwit.lab.run;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.scatter.ScatterOrder;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.client.ClientReport;
import io.github.godwit.lab.client.GuestClient;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.guest.LabVms;
import io.github.godwit.lab.linux.LinuxGuest;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Migrates one VM of the lab and has its guest check its memory afterwards. */
public final class LabMigration {

    private static final Duration DEFAULT_LIMIT = Duration.ofMinutes(5);
    private static final Duration BEYOND_LIMIT = Duration.ofMinutes(2);

    /** How long the client of a Linux guest observes it before and after the migration. */
    private static final Duration OBSERVED = Duration.ofSeconds(2);

    private final Lab lab;

    /** The migrations of a lab. */
    public LabMigration(Lab lab) {
        this.lab = lab;
    }

    /**
     * What to migrate and how.
     *
     * @param vm          the VM
     * @param destination name of the destination host
     * @param technique   the technique, or null to choose under {@code policy}
     * @param policy      a shipped policy, or null with a technique
     * @param reservation bandwidth to reserve, or null
     * @param timeLimit   time after which the migration is cancelled, or null for five minutes
     * @param terms       within which the reservation is adapted to the traffic, or null to keep it as it is
     * @param scatter     on which intermediaries the pages of SCATTER-GATHER wait, or null for the defaults
     */
    public record Request(
            String vm,
            String destination,
            Technique technique,
            String policy,
            Bandwidth reservation,
            Duration timeLimit,
            ReservationTerms terms,
            ScatterOrder scatter) {

        /** A migration whose pages go directly, or wait on the intermediaries that are usual. */
        public Request(
                String vm,
                String destination,
                Technique technique,
                String policy,
                Bandwidth reservation,
                Duration timeLimit,
                ReservationTerms terms) {
            this(vm, destination, technique, policy, reservation, timeLimit, terms, null);
        }

        /** A migration whose reservation stays as it is. */
        public Request(
                String vm,
                String destination,
                Technique technique,
                String policy,
                Bandwidth reservation,
                Duration timeLimit) {
            this(vm, destination, technique, policy, reservation, timeLimit, null);
        }
    }

    /**
     * A migration that has ended.
     *
     * @param status        its final status
     * @param guest         the guest's answer about its memory, on whichever host it is now
     * @param guestVerified whether its memory is intact
     * @param service       what the client of a Linux guest measured; null for another guest
     */
    public record Result(MigrationStatus status, String guest, boolean guestVerified, ClientReport service) {}

    /**
     * Migrates a VM and waits for the end. A Linux guest is driven by a client from some seconds before until some seconds after.
     *
     * @param listener gets every event
     * @throws LabException             when there is no such VM or host, or the guest does not answer
     * @throws IllegalArgumentException when there is no such policy, or the VM is on the destination already
     */
    public Result migrate(Request request, Consumer<MigrationEvent> listener) throws InterruptedException {
        LabHost destination = lab.host(request.destination());
        if (request.policy() != null) {
            SloPolicies.shipped().get(request.policy());
        }
        LabHost source = lab.hostOf(request.vm());
        if (source.name().equals(destination.name())) {
            throw new IllegalArgumentException("VM '%s' is on %s already. Choose another destination."
                    .formatted(request.vm(), destination.name()));
        }
        Optional<LinuxGuest> guest =
                LinuxGuest.of(lab.client(source).vm(request.vm()).definition());
        if (guest.isEmpty()) {
            return verified(request.vm(), migrate(request, source, destination, listener), null);
        }
        try (GuestClient client = GuestClient.start(lab, guest.get())) {
            TimeUnit.MILLISECONDS.sleep(OBSERVED.toMillis());
            client.migrationBegins();
            MigrationStatus ended = migrate(
                    request,
                    source,
                    destination,
                    onStart(client::migrationBegins).andThen(listener));
            client.migrationEnded();
            TimeUnit.MILLISECONDS.sleep(OBSERVED.toMillis());
            return verified(request.vm(), ended, client.report());
        }
    }

    /** Runs an action at the first event of a migration for which QEMU sends the VM: profiling and preparing it disturb no client. */
    public static Consumer<MigrationEvent> onStart(Runnable action) {
        AtomicBoolean started = new AtomicBoolean();
        return event -> {
            boolean sends = event.phase() == Phase.MIGRATING || event.phase() == Phase.POSTCOPY;
            if (sends && started.compareAndSet(false, true)) {
                action.run();
            }
        };
    }

    private MigrationStatus migrate(
            Request request, LabHost source, LabHost destination, Consumer<MigrationEvent> listener)
            throws InterruptedException {
        HostDriverClient driver = lab.client(source);
        MigrationStatus started = driver.migrate(MigrationRequest.of(request.vm(), destination.hostDriver())
                .technique(request.technique())
                .policy(request.policy())
                .reservation(request.reservation())
                .timeLimit(request.timeLimit())
                .terms(request.terms())
                .scatter(request.scatter())
                .build());
        Duration limit = request.timeLimit() == null ? DEFAULT_LIMIT : request.timeLimit();
        return driver.follow(started.id(), limit.plus(BEYOND_LIMIT), listener);
    }

    private Result verified(String vm, MigrationStatus ended, ClientReport service) {
        String answer = new LabVms(lab).verify(vm);
        return new Result(ended, answer, LabVms.isVerified(answer), service);
    }
}
