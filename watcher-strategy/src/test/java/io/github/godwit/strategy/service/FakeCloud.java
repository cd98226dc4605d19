package io.github.godwit.strategy.service;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.hostapi.trail.TrailLine;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.profile.PageContent;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterRules;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.cluster.MoveObstacle;
import io.github.godwit.strategy.cluster.MoveOrder;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A cloud in memory, without hypervisors. Migrations end at once, or when the test releases them. */
class FakeCloud implements Cloud {

    private final Map<UUID, MoveOrder> orders = new ConcurrentHashMap<>();
    private final Set<UUID> cancelled = ConcurrentHashMap.newKeySet();
    private final List<MoveOrder> started = new CopyOnWriteArrayList<>();
    private final Map<String, String> reasons = new ConcurrentHashMap<>();
    private final Set<String> immovable = ConcurrentHashMap.newKeySet();
    private volatile long localDisk;
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private volatile boolean hasNova;
    private final CountDownLatch rulesRefused = new CountDownLatch(2);
    private volatile boolean rulesKnown = true;
    private volatile boolean limitsUnknown;
    private volatile ClusterModel cluster;
    private volatile OptionalInt concurrent = OptionalInt.empty();
    private final Set<String> changing = ConcurrentHashMap.newKeySet();
    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private final List<ServerMove> byHand = new CopyOnWriteArrayList<>();
    private final List<MigrationStatus> endedByHand = new CopyOnWriteArrayList<>();
    private final List<TrailLine> trail = new CopyOnWriteArrayList<>();
    private int mostAtOnce;
    private int running;
    private boolean holding;

    /** Two hosts, of which h1 is hot, so that db has to be migrated to h2. */
    static FakeCloud hot() {
        return new FakeCloud(DrawnCluster.draw("""
                host h1 cores=4 memory=8192 cpu=0.9 used=0.4
                  vm db memory=2048 resident=1024 cores=1.6
                  vm web memory=1024 resident=512 cores=1.5
                host h2 cores=4 memory=8192 cpu=0.1 used=0.1
                """));
    }

    FakeCloud(ClusterModel cluster) {
        this.cluster = cluster;
    }

    /** Makes migrations of a VM fail. */
    FakeCloud failing(String vm) {
        failing.add(vm);
        return this;
    }

    /** Adds a move that somebody else has ordered. */
    FakeCloud moved(ServerMove move) {
        byHand.add(move);
        return this;
    }

    @Override
    public List<ServerMove> movesSince(Instant since) {
        return byHand;
    }

    /** Adds a migration that somebody else has ordered and whose end a host driver reports. */
    FakeCloud ended(MigrationStatus status) {
        endedByHand.add(status);
        return this;
    }

    @Override
    public List<MigrationStatus> endedMigrations(UnaryOperator<Set<String>> wanted) {
        Set<String> ids =
                wanted.apply(endedByHand.stream().map(MigrationStatus::id).collect(Collectors.toSet()));
        return endedByHand.stream().filter(each -> ids.contains(each.id())).toList();
    }

    /** Adds a line of the trail of a host driver. */
    FakeCloud wrote(TrailLine line) {
        trail.add(line);
        return this;
    }

    @Override
    public Map<URI, List<TrailLine>> trails(Function<URI, UUID> last) {
        URI driver = URI.create("http://h1:9622");
        UUID known = last.apply(driver);
        int next = trail.stream().map(TrailLine::id).toList().indexOf(known) + 1;
        return Map.of(driver, List.copyOf(trail.subList(next, trail.size())));
    }

    /** Makes migrations run until they are released or cancelled. */
    synchronized FakeCloud holding() {
        holding = true;
        return this;
    }

    /** Makes all migrations end. */
    synchronized void release() {
        holding = false;
        held.clear();
        notifyAll();
    }

    /** Makes the migrations of a VM end that was held. */
    synchronized void release(String vm) {
        held.remove(vm);
        notifyAll();
    }

    /** Makes migrations of a VM run until they are released or cancelled, and no others. */
    synchronized FakeCloud holding(String vm) {
        held.add(vm);
        return this;
    }

    /** Limits the migrations that a host may be the source of at a time. */
    FakeCloud concurrent(int most) {
        concurrent = OptionalInt.of(most);
        limitsUnknown = false;
        return this;
    }

    @Override
    public OptionalInt concurrentMigrations(String host) {
        if (limitsUnknown) {
            throw ServiceRefusal.unavailable("Nobody knows the limits of %s.".formatted(host));
        }
        return concurrent;
    }

    /** Makes it unknown how many migrations a host may be the source of, so that nothing can be scheduled. */
    FakeCloud limitsUnknown() {
        limitsUnknown = true;
        return this;
    }

    /** Returns the largest number of migrations that ran at a time. */
    synchronized int mostAtOnce() {
        return mostAtOnce;
    }

    /** Returns all migrations that were started, in order. */
    List<MoveOrder> started() {
        return started;
    }

    @Override
    public ClusterModel read() {
        return cluster;
    }

    /** Makes it a cloud with Nova. */
    FakeCloud withNova() {
        hasNova = true;
        return this;
    }

    /** Makes its rules unavailable or available. */
    void rulesAre(boolean known) {
        rulesKnown = known;
    }

    /** Waits until the rules were refused more than once. */
    void awaitRefusals() throws InterruptedException {
        if (!rulesRefused.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Nobody asks for the rules.");
        }
    }

    @Override
    public ClusterRules rules() {
        if (!rulesKnown) {
            rulesRefused.countDown();
            throw ServiceRefusal.unavailable("Nova does not answer.");
        }
        return cluster.rules();
    }

    @Override
    public boolean hasNova() {
        return hasNova;
    }

    @Override
    public synchronized void setEnabled(String host, boolean enabled, String reason) {
        Set<String> closed = new java.util.HashSet<>(cluster.rules().closed());
        if (enabled) {
            closed.remove(host);
            reasons.remove(host);
        } else {
            closed.add(host);
            reasons.put(host, reason);
        }
        cluster = new ClusterModel(
                cluster.hosts(),
                cluster.vms(),
                cluster.omissions(),
                cluster.rules().withClosed(closed));
    }

    @Override
    public HostService hostService(String host) {
        return new HostService(!cluster.rules().closed().contains(host), reasons.get(host));
    }

    @Override
    public TechniqueAvailability techniques(String vm, String source, String destination) {
        return immovable.contains(vm)
                ? TechniqueAvailability.all().without(EnumSet.allOf(Technique.class), "needs a shared disk")
                : TechniqueAvailability.all();
    }

    /** Makes no technique available for a VM. */
    FakeCloud immovable(String vm) {
        immovable.add(vm);
        return this;
    }

    /** Gives all VMs local disks. */
    FakeCloud withLocalDisks(long bytes) {
        localDisk = bytes;
        return this;
    }

    @Override
    public long localDisk(String vm) {
        return localDisk;
    }

    /** Makes Nova change a VM, or not any more, so that its migration has to wait. */
    void changing(String vm, boolean now) {
        if (now) {
            changing.add(vm);
        } else {
            changing.remove(vm);
        }
    }

    /** Replaces the cluster, as somebody who moves or deletes VMs by hand. */
    synchronized void change(UnaryOperator<ClusterModel> byHand) {
        cluster = byHand.apply(cluster);
    }

    @Override
    public Optional<MoveObstacle> obstacle(String vm, String source, String destination) {
        if (changing.contains(vm)) {
            return Optional.of(new MoveObstacle(MoveObstacle.Kind.CHANGING, "Nova is resizing %s.".formatted(vm)));
        }
        Optional<String> host = cluster.findVm(vm).map(VmStatus::host);
        if (host.isEmpty()) {
            return Optional.of(new MoveObstacle(MoveObstacle.Kind.GONE, "VM %s no longer exists.".formatted(vm)));
        }
        return host.get().equals(destination)
                ? Optional.of(new MoveObstacle(
                        MoveObstacle.Kind.ARRIVED, "VM %s is on %s already.".formatted(vm, destination)))
                : Optional.empty();
    }

    @Override
    public VmProfile profile(String name, String source, Duration maxAge) {
        VmStatus vm = cluster.vm(name);
        var memory = vm.definition().memory();
        return new VmProfile(
                name,
                memory,
                1,
                memory.pages() / 2,
                DirtyCurve.idle(),
                0.5,
                PageContent.UNKNOWN,
                vm.vcpuUse(),
                0,
                vm.residentMemory(),
                false,
                vm.traffic(),
                VmProfile.DirtySource.PAGE_SAMPLING,
                Accelerator.KVM,
                VmProfile.FRESH);
    }

    /** {@inheritDoc} With Nova, whose scheduler sends nothing to a host that is disabled. */
    @Override
    public synchronized MigrationStatus migrate(MoveOrder order) {
        if (hasNova && cluster.rules().closed().contains(order.destination())) {
            throw ServiceRefusal.conflict("No valid host was found.");
        }
        if (orders.putIfAbsent(order.id(), order) == null) {
            started.add(order);
            running++;
            mostAtOnce = Math.max(mostAtOnce, running);
        }
        return status(order, Phase.MIGRATING);
    }

    @Override
    public Optional<MigrationStatus> findMigration(String source, UUID id) {
        return Optional.ofNullable(orders.get(id)).map(order -> status(order, phase(order)));
    }

    private synchronized Phase phase(MoveOrder order) {
        if (cancelled.contains(order.id())) {
            return Phase.CANCELLED;
        }
        if (holding || held.contains(order.vm())) {
            return Phase.MIGRATING;
        }
        return failing.contains(order.vm()) ? Phase.FAILED : Phase.COMPLETED;
    }

    @Override
    public MigrationStatus follow(String source, UUID id, Duration atMost, Consumer<MigrationEvent> listener)
            throws InterruptedException {
        MoveOrder order = orders.get(id);
        Phase end = awaitEnd(order);
        listener.accept(new MigrationEvent(Instant.now(), end, "ended", status(order, end)));
        return status(order, end);
    }

    private synchronized Phase awaitEnd(MoveOrder order) throws InterruptedException {
        while (!phase(order).isFinal()) {
            wait();
        }
        Phase end = phase(order);
        running--;
        if (end == Phase.COMPLETED && !cluster.vm(order.vm()).host().equals(order.destination())) {
            cluster = cluster.withMove(order.vm(), order.destination());
        }
        return end;
    }

    private static MigrationStatus status(MoveOrder order, Phase phase) {
        return new MigrationStatus(
                order.id().toString(),
                order.vm(),
                order.source(),
                order.destination(),
                order.technique(),
                order.policy(),
                phase,
                null,
                phase == Phase.FAILED ? "QEMU says: Connection reset by peer" : null,
                null,
                null);
    }

    @Override
    public synchronized void cancel(String source, UUID id) {
        cancelled.add(id);
        notifyAll();
    }
}
