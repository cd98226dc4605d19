package io.github.godwit.host.nova.reserve;

import io.github.godwit.host.migrate.OngoingMigration;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.PortRefusal;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** The port of the destination that one migration has for itself, if it has one, and whether that works. */
public final class MigrationPort {

    /** How long the source tries to reach the port. */
    private static final Duration TO_REACH = Duration.ofMillis(300);

    private final PortRefusals refusals;
    private final OngoingMigration run;
    private final Consumer<String> note;
    private Optional<PlannedPort> port = Optional.empty();

    /**
     * A port that the destination keeps for the migration.
     *
     * @param address IP address on which the destination receives migrations
     * @param number  the port
     */
    public record PlannedPort(String address, int number) {
        PortRange range() {
            return PortRange.of(number);
        }
    }

    /**
     * A migration without a port of its own.
     *
     * @param refusals destinations to which migrations with a port of their own failed
     * @param note     receives what an operator should know
     */
    MigrationPort(PortRefusals refusals, OngoingMigration run, Consumer<String> note) {
        this.refusals = refusals;
        this.run = run;
        this.note = note;
    }

    /** Whether the destination may be asked for a port. */
    boolean permitted() {
        return refusals.permits(run.status().destination());
    }

    /**
     * The port that the destination has given; empty if it has given none, or if it cannot be reached. Then the destination is asked for none
     * for a while.
     */
    Optional<PlannedPort> reach(IncomingTicket ticket) {
        if (ticket.plannedPort() == null) {
            return Optional.empty();
        }
        PlannedPort given = new PlannedPort(ticket.address(), ticket.plannedPort());
        Optional<String> obstacle = PlannedPorts.obstacle(given.address(), given.number(), TO_REACH);
        // Also if nova-compute does not wait for this any more.
        obstacle.ifPresent(this::refused);
        return obstacle.isPresent() ? Optional.empty() : Optional.of(given);
    }

    /** Uses a port that was reached, or none. */
    void take(Optional<PlannedPort> reached) {
        port = reached;
    }

    /** The port; empty if the migration has none. */
    public Optional<PlannedPort> get() {
        return port;
    }

    /**
     * Takes note that libvirt did not migrate to the port, so that Nova's own flags let libvirt choose one. The destination is asked for none
     * for a while.
     */
    public void failed(String words) {
        refused("libvirt did not migrate to port %d: %s"
                .formatted(port.orElseThrow().number(), words));
    }

    /** Takes note that the migration has arrived, at the port if it has one. */
    public void arrived() {
        if (port.isPresent()) {
            refusals.succeeded(run.status().destination());
        }
    }

    private void refused(String words) {
        PortRefusal kept = refusals.remember(run.status().destination(), words);
        note.accept("libvirt chooses the ports of migrations to %s before %s: %s"
                .formatted(kept.destination(), kept.until(), words));
    }
}
