package io.github.godwit.strategy.control;

import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.TextRule;
import io.github.godwit.strategy.store.Database;
import io.github.godwit.strategy.store.SwitchStore;
import io.github.godwit.strategy.store.SwitchStore.State;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The switch of the service. While it is off, nothing begins: no audit runs by itself, no plan is started, a running plan begins no further
 * action and waits, and no single migration is ordered. Migrations that run continue, and are followed and recorded. The state is in the
 * database, so that all instances obey it. An instance that only observes runs audits, and begins nothing else either. Thread-safe.
 */
public final class ServiceSwitch {

    private static final String OBSERVES = "The service only observes (observe is true in its configuration).";

    private final Database database;
    private final SwitchStore store;
    private final boolean observes;

    /**
     * The switch in this database.
     *
     * @param clock    for the times of changes
     * @param observes whether this instance only observes
     */
    public ServiceSwitch(Database database, Clock clock, boolean observes) {
        this.observes = observes;
        this.database = database;
        this.store = new SwitchStore(clock);
    }

    /** The state. */
    public State state() {
        return database.jdbi().withHandle(store::get);
    }

    /** Why nothing begins, as a sentence, or nothing while the service is switched on. */
    public Optional<String> off() {
        State now = state();
        return now.enabled()
                ? Optional.empty()
                : Optional.of("The service is switched off since %s: %s"
                        .formatted(now.changedAt().truncatedTo(ChronoUnit.SECONDS), sentence(now.reason())));
    }

    private static String sentence(String reason) {
        return reason.endsWith(".") ? reason : reason + ".";
    }

    /** Whether this instance only observes. */
    public boolean observes() {
        return observes;
    }

    /** Why no plan and no migration begins, as a sentence, or nothing if they may. */
    public Optional<String> noMigrations() {
        return off().or(() -> observes ? Optional.of(OBSERVES) : Optional.empty());
    }

    /**
     * Passes while the service is switched on.
     *
     * @throws ServiceRefusal while it is off
     */
    public void requireOn() {
        off().ifPresent(reason -> {
            throw ServiceRefusal.conflict(reason + " Switch it on first: godwit-strategy switch on.");
        });
    }

    /**
     * Passes while plans and migrations may begin.
     *
     * @throws ServiceRefusal while the service is off or only observes
     */
    public void requireMigrations() {
        requireOn();
        if (observes) {
            throw ServiceRefusal.conflict(OBSERVES
                    + " It makes plans and starts none. Set observe to false on all its instances to start plans.");
        }
    }

    /**
     * Switches the service on or off, for all instances.
     *
     * @param reason why it is switched off; ignored when it is switched on
     * @throws ServiceRefusal if it is switched off without a reason, or with one that is too long
     */
    public State set(boolean enabled, String reason) {
        if (!enabled && (reason == null || reason.isBlank())) {
            throw ServiceRefusal.invalid("The reason is missing. Say why the service is switched off.");
        }
        TextRule.SWITCH_REASON.check(enabled ? null : reason);
        database.jdbi().useTransaction(handle -> store.set(handle, enabled, enabled ? null : reason.strip()));
        return state();
    }
}
