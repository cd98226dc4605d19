package io.github.godwit.strategy.nova;

import io.github.godwit.nova.Nova;
import io.github.godwit.nova.NovaLiveMigrations.MigrationRecord;
import io.github.godwit.nova.OpenStackException;
import io.github.godwit.strategy.cluster.MoveObstacle;
import io.github.godwit.strategy.cluster.MoveObstacle.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Why a server cannot or need not be migrated now, according to Nova. */
final class NovaObstacles {

    private static final String ACTIVE = "ACTIVE";

    private final Nova nova;
    private final HostNames names;
    private volatile Supplier<Set<String>> ignored = Set::of;

    NovaObstacles(Nova nova, HostNames names) {
        this.nova = nova;
        this.names = names;
    }

    /** Sets what provides the servers whose migrations are no obstacles to others. */
    void ignore(Supplier<Set<String>> servers) {
        ignored = servers;
    }

    /** Returns the obstacle to a migration, if there is one. */
    Optional<MoveObstacle> of(String vm, String source, String destination) {
        try {
            names.consider(List.of(source, destination));
            Optional<Nova.Server> found = nova.findServer(vm);
            if (found.isEmpty()) {
                return Optional.of(new MoveObstacle(Kind.GONE, "Nova no longer has server %s.".formatted(vm)));
            }
            Nova.Server server = found.get();
            if (server.migrating() || server.task() != null) {
                return Optional.of(new MoveObstacle(
                        Kind.CHANGING, "Nova is changing server %s (task_state %s).".formatted(vm, server.task())));
            }
            return MoveObstacle.ofPlace("Server " + vm, server.host(), source, destination)
                    .or(() -> unfit(server))
                    .or(() -> busy(source))
                    .or(() -> busy(destination));
        } catch (OpenStackException e) {
            return Optional.of(new MoveObstacle(Kind.BUSY, e.getMessage()));
        }
    }

    private static Optional<MoveObstacle> unfit(Nova.Server server) {
        if (ACTIVE.equals(server.status()) && !server.locked()) {
            return Optional.empty();
        }
        return Optional.of(new MoveObstacle(
                Kind.UNFIT,
                "Server %s on %s is %s."
                        .formatted(
                                server.id(),
                                server.host(),
                                server.locked() ? "locked" : server.status() + " and no longer ACTIVE")));
    }

    /** Records of migrations that a dead nova-compute never ended do not count: their servers are not migrating. */
    private Optional<MoveObstacle> busy(String host) {
        Set<String> own = ignored.get();
        for (MigrationRecord record : nova.liveMigrations().ofHost(host)) {
            if (!record.ended()
                    && !own.contains(record.server())
                    && nova.findServer(record.server())
                            .filter(Nova.Server::migrating)
                            .isPresent()) {
                return Optional.of(new MoveObstacle(
                        Kind.BUSY,
                        "Nova is migrating server %s from %s to %s (%s). The next migration of %s waits for its end."
                                .formatted(
                                        record.server(),
                                        record.source(),
                                        record.destination() == null ? "another host" : record.destination(),
                                        record.status(),
                                        host)));
            }
        }
        return Optional.empty();
    }
}
