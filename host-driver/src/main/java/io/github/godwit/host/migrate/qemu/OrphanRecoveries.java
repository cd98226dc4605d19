package io.github.godwit.host.migrate.qemu;

import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.recover.RecoveryRule;
import io.github.godwit.host.migrate.recover.RecoveryRule.Action;
import io.github.godwit.host.migrate.recover.RecoveryRule.Decision;
import io.github.godwit.host.migrate.recover.RecoveryState;
import io.github.godwit.host.migrate.recover.RecoveryTerms;
import io.github.godwit.host.qmp.Qmp;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.PostcopyRecovery;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Recovers migrations of an earlier host driver whose connection breaks in post-copy, as {@link RecoveryRule} decides. For one thread. */
final class OrphanRecoveries {

    private static final Logger LOG = LoggerFactory.getLogger(OrphanRecoveries.class);

    private final RecoveryRule rule;
    private final Consumer<PostcopyRecovery> outcomes;
    private final Map<String, RecoveryState> states = new HashMap<>();

    /**
     * Recovers.
     *
     * @param terms    how long it is tried
     * @param outcomes receives what became of each break
     */
    OrphanRecoveries(RecoveryTerms terms, Consumer<PostcopyRecovery> outcomes) {
        this.rule = new RecoveryRule(terms, QemuRejoin.BY_HAND);
        this.outcomes = outcomes;
    }

    /**
     * Looks after a migration, whatever its state is.
     *
     * @param id          its id
     * @param info        what QEMU on the source has just reported
     * @param source      the monitor of that QEMU
     * @param destination has the destination listen again
     */
    void lookAfter(String id, MigrationInfo info, Qmp source, Supplier<IncomingTicket> destination)
            throws QmpException {
        RecoveryState before = states.getOrDefault(id, RecoveryState.NONE);
        Decision decision = rule.polled(info.meaning(), info.reason(), before, System.nanoTime());
        take(id, decision);
        if (decision.action() == Action.TRY) {
            take(id, rule.tried(QemuRejoin.attempt(source, destination), decision.state(), System.nanoTime()));
        }
        if (info.isFinal()) {
            states.remove(id);
        }
    }

    private void take(String id, Decision decision) {
        states.put(id, decision.state());
        if (decision.words().isEmpty()) {
            return;
        }
        LOG.warn("Migration {} of an earlier host driver: {}", id, decision.words());
        if (decision.action() == Action.GIVE_UP || !decision.state().broken()) {
            outcomes.accept(decision.state().soFar(System.nanoTime()));
        }
    }
}
