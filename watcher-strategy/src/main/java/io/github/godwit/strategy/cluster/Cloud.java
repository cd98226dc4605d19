package io.github.godwit.strategy.cluster;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.hostapi.trail.TrailLine;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.traffic.SlaWishes;
import io.github.godwit.model.traffic.TrafficClasses;
import io.github.godwit.model.traffic.VmSla;
import io.github.godwit.strategy.cluster.ClusterHost.PeerNic;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The hosts and VMs that audits read and action plans change. Hosts and VMs are identified by name.
 *
 * <p>Methods throw {@link io.github.godwit.hostapi.client.HostDriverException} if a host driver does not answer or refuses.
 */
public interface Cloud extends ClusterSource {

    /** Returns the rules for migrations, without reading every host; {@link ClusterRules#room} is unlimited therefore. */
    default ClusterRules rules() {
        return ClusterRules.NONE;
    }

    /** Returns whether the hosts and VMs are managed by Nova. */
    default boolean hasNova() {
        return false;
    }

    /**
     * Returns the name of a host for a name that clients may use, such as the one in Nova. An unknown name stays as it is.
     *
     * @throws ServiceRefusal if Nova does not answer
     */
    default String hostName(String name) {
        return name;
    }

    /**
     * Returns the zones, aggregates and servers of Nova, or nothing without Nova.
     *
     * @throws ServiceRefusal if Nova does not answer
     */
    default Optional<NovaFacts> facts() {
        return Optional.empty();
    }

    /**
     * Returns the hosts as Nova and Placement know them, by name; empty without Nova. This takes two requests for each host.
     *
     * @throws ServiceRefusal       if Nova or Placement does not answer
     * @throws InterruptedException if the thread is interrupted
     */
    default Map<String, NovaFacts.Host> novaHosts() throws InterruptedException {
        return Map.of();
    }

    /**
     * Enables or disables a host for Nova's scheduler. VMs on the host stay.
     *
     * @param host    name of the host
     * @param enabled whether the scheduler may use the host
     * @param reason  the reason for disabling it, or null for none
     * @throws ServiceRefusal without Nova, or if Nova does not answer or does not know the host
     */
    default void setEnabled(String host, boolean enabled, String reason) {
        throw ServiceRefusal.conflict("Host %s cannot be %s: this needs Nova (nova: true in the configuration)."
                .formatted(host, enabled ? "enabled" : "disabled"));
    }

    /**
     * The state of a host for Nova's scheduler.
     *
     * @param enabled        whether the scheduler may use the host
     * @param disabledReason the reason for which it was disabled, or null
     */
    record HostService(boolean enabled, String disabledReason) {}

    /**
     * Returns the current state of a host for Nova's scheduler.
     *
     * @param host name of the host
     * @throws ServiceRefusal without Nova, or if Nova does not answer or does not know the host
     */
    default HostService hostService(String host) {
        throw ServiceRefusal.conflict(
                "The state of host %s cannot be read: this needs Nova (nova: true in the configuration)."
                        .formatted(host));
    }

    /**
     * A server of Nova, running or not.
     *
     * @param id     UUID
     * @param host   name of its host, or null
     * @param status status, such as ACTIVE, SHUTOFF or VERIFY_RESIZE
     * @param task   what Nova is doing with it ({@code task_state}), or null
     * @param locked whether it is locked against changes
     */
    record ServerState(String id, String host, String status, String task, boolean locked) {

        private static final Set<String> PASSING = Set.of("MIGRATING", "RESIZE", "REBOOT", "HARD_REBOOT", "REBUILD");

        /** Returns whether Nova is changing it, which ends by itself. */
        public boolean changing() {
            return task != null || PASSING.contains(status);
        }
    }

    /**
     * Returns a server of Nova, if it exists.
     *
     * @param id UUID of the server
     * @throws ServiceRefusal without Nova, or if Nova does not answer
     */
    default Optional<ServerState> server(String id) {
        throw withoutNova(id);
    }

    /**
     * Requests Nova to stop a server.
     *
     * @throws ServiceRefusal without Nova, if Nova does not answer, or if it refuses
     */
    default void stopServer(String id) {
        throw withoutNova(id);
    }

    /**
     * Requests Nova to start a server that is stopped.
     *
     * @throws ServiceRefusal without Nova, if Nova does not answer, or if it refuses
     */
    default void startServer(String id) {
        throw withoutNova(id);
    }

    /**
     * Requests Nova to migrate a server cold. It waits in the status VERIFY_RESIZE for {@link #confirmMigration}.
     *
     * @param id   UUID of the server
     * @param host name of the host that it goes to, or null to let Nova's scheduler choose
     * @throws ServiceRefusal without Nova, if Nova does not answer, or if it refuses
     */
    default void coldMigrate(String id, String host) {
        throw withoutNova(id);
    }

    /**
     * Confirms a cold migration.
     *
     * @throws ServiceRefusal without Nova, if Nova does not answer, or if it refuses
     */
    default void confirmMigration(String id) {
        throw withoutNova(id);
    }

    /**
     * Returns Nova's message about the newest action of a kind on a server, if that failed.
     *
     * @param id   UUID of the server
     * @param kind Nova's name of the kind: migrate, stop or start
     */
    default Optional<String> failure(String id, String kind) {
        return Optional.empty();
    }

    /**
     * A move of a server from host to host, whoever ordered it.
     *
     * @param server      UUID of the server
     * @param source      name of the host that it left or leaves
     * @param destination name of the host that it came or comes to
     * @param runs        whether it is being moved; otherwise it has arrived
     * @param at          when that last changed, by Nova's clock
     */
    record ServerMove(String server, String source, String destination, boolean runs, Instant at) {}

    /**
     * Returns the moves of Nova's servers that run now or have ended since, those of this service among them; empty without Nova.
     *
     * @throws ServiceRefusal if Nova does not answer
     */
    default List<ServerMove> movesSince(Instant since) {
        return List.of();
    }

    private static ServiceRefusal withoutNova(String id) {
        return ServiceRefusal.conflict(
                "Server %s cannot be changed: this needs Nova (nova: true in the configuration).".formatted(id));
    }

    /**
     * Returns the techniques that can migrate a VM between two hosts, and the reasons why the others cannot.
     *
     * @param vm          name of the VM
     * @param source      name of its host
     * @param destination name of the host to migrate it to
     */
    TechniqueAvailability techniques(String vm, String source, String destination);

    /**
     * Returns the NIC by which migrations from one host to another leave the first one, or those from there arrive; nothing if it is not
     * known. The usual NIC stands for it then.
     *
     * @param host the host whose NIC it is
     * @param peer the other host
     */
    default Optional<PeerNic> nicTowards(ClusterHost host, ClusterHost peer) {
        return Optional.empty();
    }

    /**
     * Returns the size of a VM's disks on its host in bytes, without volumes. Nova copies them in a live migration unless both hosts
     * share their storage, which its API does not report.
     *
     * @throws ServiceRefusal if Nova does not answer
     */
    default long localDisk(String vm) {
        return 0;
    }

    /**
     * Profiles a VM on its host, which takes seconds, unless its latest profile is complete and young enough.
     *
     * @param maxAge age that the profile may have; zero for a new profile
     */
    VmProfile profile(String vm, String source, Duration maxAge);

    /**
     * Returns what holds for the migrations of VMs by their present traffic: workload class, urgency and SLA bounds.
     *
     * @param vms   the VMs, as their host drivers report them
     * @param usual the urgency of migrations for which nobody wishes another one
     * @return by name of the VM, for each of them
     * @throws ServiceRefusal if Nova does not answer
     */
    default Map<String, VmSla> slas(Collection<VmStatus> vms, Urgency usual) {
        return slas(vms, usual, TrafficClasses.shipped());
    }

    /** Returns the same for VMs of no known project, of which nobody wishes anything. */
    static Map<String, VmSla> slas(Collection<VmStatus> vms, Urgency usual, TrafficClasses classes) {
        return vms.stream()
                .collect(Collectors.toMap(
                        VmStatus::name,
                        vm -> classes.of(vm.traffic(), usual, Optional.empty(), SlaWishes.NONE),
                        (one, other) -> one));
    }

    /**
     * Returns the reason why a VM cannot or need not be migrated now, if there is one. A cloud that cannot tell returns nothing; the
     * migration then reports what is wrong.
     *
     * @param vm          name of the VM
     * @param source      name of the host on which it was when the migration was planned
     * @param destination name of the host to migrate it to
     */
    default Optional<MoveObstacle> obstacle(String vm, String source, String destination) {
        return Optional.empty();
    }

    /**
     * Returns how many migrations a host may be the source of at a time, 0 for any number, or nothing if nothing limits it. The answer
     * may be a minute old.
     */
    default OptionalInt concurrentMigrations(String host) {
        return OptionalInt.empty();
    }

    /**
     * Sets what provides the names of the VMs that the service itself is migrating now. Their migrations are counted by the service and are
     * no obstacles to each other.
     */
    default void useOwnMigrations(Supplier<Set<String>> vms) {}

    /**
     * The hosts of each host aggregate, by its name; empty without Nova.
     *
     * @throws ServiceRefusal if Nova does not answer
     */
    default Map<String, Set<String>> aggregates() {
        return Map.of();
    }

    /** Sets what provides the policy set that host drivers are given from now on; without it, that is what ships. */
    default void usePolicies(Supplier<PolicySet> source) {}

    /**
     * Hands the policy set to every host driver that has an older one.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    default void handOutPolicies() throws InterruptedException {}

    /** The hosts whose host drivers lack the policy set, as far as is known, and why. */
    default List<Omission> withoutPolicies() {
        return List.of();
    }

    /**
     * Reads the audit trails of the host drivers; those that do not answer, or have none, are left out.
     *
     * @param last id of the last line that is known of a host driver, by its URL, or null
     * @return the lines that follow, the oldest first, by the URL of the host driver
     * @throws InterruptedException if the thread is interrupted
     */
    default Map<URI, List<TrailLine>> trails(Function<URI, UUID> last) throws InterruptedException {
        return Map.of();
    }

    /**
     * Returns the migrations from all hosts that have ended and that their host drivers remember, whoever ordered them. Host drivers that do
     * not answer are left out.
     *
     * @param wanted of the ids of those of one host, which to return
     * @throws InterruptedException if the thread is interrupted
     */
    default List<MigrationStatus> endedMigrations(UnaryOperator<Set<String>> wanted) throws InterruptedException {
        return List.of();
    }

    /** Starts a migration. Repeating an order with the same id does not start a second migration. */
    MigrationStatus migrate(MoveOrder order);

    /** Returns the status of a migration, or nothing if the host driver of its source does not know it. */
    Optional<MigrationStatus> findMigration(String source, UUID id);

    /**
     * Waits for the end of a migration, and returns its last status. A COMPLETED migration with an error has moved the VM; the error
     * says what else went wrong, for example that its cost was not measured.
     *
     * @param source   name of the source host
     * @param id       id of the migration
     * @param atMost   maximum time to wait; with Nova the migration is followed until Nova has ended it
     * @param listener called for each event, on the calling thread; an error in an event that is not the last one says why the
     *                 migration takes longer, for example that it waits in Nova's queue
     * @throws InterruptedException if the thread is interrupted
     */
    MigrationStatus follow(String source, UUID id, Duration atMost, Consumer<MigrationEvent> listener)
            throws InterruptedException;

    /** Requests the cancellation of a migration. The host driver refuses this once the VM runs on the destination. */
    void cancel(String source, UUID id);
}
