package io.github.godwit.strategy.cluster;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Everything outside of this program that audits look at and plans change: hosts and the VMs on them. Hosts and VMs go by
 * their names.
 *
 * <p>Methods fail with {@link io.github.godwit.hostapi.client.HostDriverException} where a host does not do what it is asked.
 */
public interface Cloud extends ClusterSource {

    /** What must not be done, as far as it can be told without looking at every host. */
    default ClusterRules rules() {
        return ClusterRules.NONE;
    }

    /** Whether there is a Nova. */
    default boolean hasNova() {
        return false;
    }

    /**
     * What Nova knows; nothing where there is none.
     *
     * @throws ServiceRefusal when it does not answer
     */
    default Optional<NovaFacts> facts() {
        return Optional.empty();
    }

    /**
     * Has the scheduler use a host or not; VMs that are there stay.
     *
     * @throws ServiceRefusal when there is none that could be told, or no such host
     */
    default void setEnabled(String host, boolean enabled, String reason) {
        throw ServiceRefusal.conflict("Host %s cannot be %s: that needs Nova, which this service does not use."
                .formatted(host, enabled ? "enabled" : "disabled"));
    }

    /** Which techniques can take a VM from its host to another, and why not the others. */
    TechniqueAvailability techniques(String vm, String source, String destination);

    /** What a VM does; takes seconds. */
    VmProfile profile(String vm, String source);

    /** Starts a migration; once, however often it is ordered by the same id. */
    MigrationStatus migrate(MoveOrder order);

    /** Where a migration stands, if its source knows it. */
    Optional<MigrationStatus> findMigration(String source, UUID id);

    /**
     * Waits for the end of a migration.
     *
     * @param atMost   how long
     * @param listener hears each event, on the calling thread
     */
    MigrationStatus follow(String source, UUID id, Duration atMost, Consumer<MigrationEvent> listener)
            throws InterruptedException;

    /** Asks for a migration to be cancelled; refused once its VM runs on the destination. */
    void cancel(String source, UUID id);
}
