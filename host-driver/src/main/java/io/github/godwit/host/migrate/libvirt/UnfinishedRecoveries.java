package io.github.godwit.host.migrate.libvirt;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.host.libvirt.DomainMigrations;
import io.github.godwit.host.libvirt.LibvirtException;
import io.github.godwit.host.migrate.libvirt.UnfinishedMigrations.Begun;
import io.github.godwit.host.migrate.recover.RecoveryAttempt;
import io.github.godwit.host.migrate.recover.RecoveryRule;
import io.github.godwit.host.migrate.recover.RecoveryRule.Action;
import io.github.godwit.host.migrate.recover.RecoveryState;
import io.github.godwit.host.migrate.recover.RecoveryTerms;
import io.github.godwit.host.qmp.QemuMigrationStatus;
import io.github.godwit.hostapi.PostcopyRecovery;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recovers migrations of Nova, or of an earlier host driver, whose connection breaks in post-copy, as {@link RecoveryRule} decides. libvirt keeps its job
 * of such a migration. For one thread; only {@link #of} is for any.
 */
public final class UnfinishedRecoveries {

    private static final Logger LOG = LoggerFactory.getLogger(UnfinishedRecoveries.class);
    private static final String UNKNOWN = "libvirt has lost the connection";

    private final DomainMigrations migrations;
    private final RecoveryRule rule;
    private final Function<URI, Optional<String>> noResume;
    private final BiConsumer<String, PostcopyRecovery> outcomes;
    private final Map<String, PostcopyRecovery> latest = new ConcurrentHashMap<>();
    private final Map<String, Followed> followed = new HashMap<>();

    /** A migration whose connection broke: what is remembered, and the result of the call that resumes it, which is empty if it succeeds. */
    private record Followed(RecoveryState state, CompletableFuture<String> call) {
        boolean calls() {
            return call != null && !call.isDone();
        }
    }

    /**
     * Recovers.
     *
     * @param terms    how long it is tried
     * @param noResume why libvirt cannot resume a post-copy to a destination, given by the URL of its host driver, as a clause
     * @param outcomes receives what became of each, with the UUID of its domain
     */
    public UnfinishedRecoveries(
            DomainMigrations migrations,
            RecoveryTerms terms,
            Function<URI, Optional<String>> noResume,
            BiConsumer<String, PostcopyRecovery> outcomes) {
        this.migrations = migrations;
        this.rule = new RecoveryRule(terms, PostcopyResume.BY_HAND);
        this.noResume = noResume;
        this.outcomes = outcomes;
    }

    /**
     * Looks after a migration that has not ended.
     *
     * @return whether its connection is or was broken, so that it is in post-copy
     */
    boolean lookAfter(String uuid, Begun begun) throws LibvirtException {
        boolean broken = migrations.leavesByBrokenPostcopy(uuid);
        if (!broken && !followed.containsKey(uuid)) {
            return false;
        }
        Followed now = followed.getOrDefault(uuid, new Followed(RecoveryState.NONE, null));
        QemuMigrationStatus status = now.calls()
                ? QemuMigrationStatus.POSTCOPY_RECOVER
                : broken ? QemuMigrationStatus.POSTCOPY_PAUSED : QemuMigrationStatus.POSTCOPY_ACTIVE;
        take(uuid, begun, status, now);
        return true;
    }

    /** A migration has ended; if its connection was broken, it has been made again. */
    void ended(String uuid) {
        Followed now = followed.get(uuid);
        if (now != null) {
            take(uuid, null, QemuMigrationStatus.COMPLETED, now);
        }
    }

    void forget(String uuid) {
        followed.remove(uuid);
    }

    private void take(String uuid, Begun begun, QemuMigrationStatus status, Followed now) {
        String reason = now.call() == null || now.calls() ? UNKNOWN : now.call().join();
        RecoveryRule.Decision decision = rule.polled(status, reason, now.state(), System.nanoTime());
        CompletableFuture<String> call = now.call();
        report(uuid, decision);
        if (decision.action() == Action.TRY) {
            Optional<String> obstacle = obstacle(begun);
            call = obstacle.isPresent() ? null : resume(uuid, begun);
            decision = rule.tried(
                    obstacle.map(RecoveryAttempt::impossible).orElseGet(RecoveryAttempt::begun),
                    decision.state(),
                    System.nanoTime());
            report(uuid, decision);
        }
        followed.put(uuid, new Followed(decision.state(), call));
        PostcopyRecovery soFar = decision.state().soFar(System.nanoTime());
        if (soFar != null) {
            latest.put(uuid, soFar);
        }
    }

    /** What became of the latest migration of a domain, if its connection broke. */
    public Optional<PostcopyRecovery> of(String uuid) {
        return Optional.ofNullable(latest.get(uuid));
    }

    /** A migration of a domain begins. */
    void begun(String uuid) {
        latest.remove(uuid);
    }

    private void report(String uuid, RecoveryRule.Decision decision) {
        if (decision.words().isEmpty()) {
            return;
        }
        LOG.warn("Domain {}: {}", uuid, decision.words());
        if (decision.action() == Action.GIVE_UP || !decision.state().broken()) {
            outcomes.accept(uuid, decision.state().soFar(System.nanoTime()));
        }
    }

    private Optional<String> obstacle(Begun begun) {
        return begun.order() == null
                ? Optional.of("an older host driver began it, and has not kept where it goes to")
                : noResume.apply(begun.destination());
    }

    private CompletableFuture<String> resume(String uuid, Begun begun) {
        LibvirtOrder order = begun.order().resumed();
        CompletableFuture<String> result = new CompletableFuture<>();
        DaemonThreads.start("libvirt-resumes-" + uuid, () -> {
            try {
                migrations.migrate(uuid, order.destination(), order.flags(), order.parameters());
                result.complete(UNKNOWN);
            } catch (LibvirtException e) {
                result.complete(e.getMessage());
            } finally {
                result.complete("the call of libvirt failed; see the log");
            }
        });
        return result;
    }
}
