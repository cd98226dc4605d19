package io.github.godwit.host.libvirt;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.common.DaemonThreads;
import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.vm.GuestHeartbeats;
import io.github.godwit.host.vm.QemuProcesses;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.host.vm.VmLimits;
import io.github.godwit.host.vm.VmLimitsWatch;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.model.profile.VmDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The active domains of libvirt on this host, by their UUIDs or by their names. */
public final class LibvirtVms implements VmList, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LibvirtVms.class);
    private static final int MAX_CALLS = 16;
    private static final Path PROC = Path.of("/proc");

    private final LibvirtConnection libvirt;
    private final Naming naming;
    private final GuestHeartbeats heartbeats;
    private final Map<String, LibvirtVm> vms = new ConcurrentHashMap<>();
    private final DomainLimits limits;
    private final VmLimitsWatch<LibvirtVm> watch;
    private volatile List<String> arriving = List.of();
    private volatile Predicate<? super LibvirtVm> askable = vm -> true;
    private final ExecutorService threads = new ThreadPoolExecutor(
            0, MAX_CALLS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), DaemonThreads.factory("monitor"));

    /** How VMs are called. */
    public enum Naming {
        /** By the UUIDs of their domains, as Nova's servers. */
        UUID,
        /** As their domains; by its UUID where a domain's name is not that of a VM. */
        DOMAIN
    }

    /**
     * Creates an empty list of Nova's servers, whose guests send no heartbeats; {@link #refresh} fills it.
     *
     * @param libvirt the connection, which {@link #close} does not close
     */
    public LibvirtVms(LibvirtConnection libvirt) {
        this(libvirt, Naming.UUID, GuestHeartbeats.NONE);
    }

    /**
     * Creates an empty list; {@link #refresh} fills it.
     *
     * @param libvirt    the connection, which {@link #close} does not close
     * @param heartbeats opens those of the guests
     */
    public LibvirtVms(LibvirtConnection libvirt, Naming naming, GuestHeartbeats heartbeats) {
        this.libvirt = libvirt;
        this.naming = naming;
        this.heartbeats = heartbeats;
        this.limits = new DomainLimits(libvirt, PROC, vm -> askable.test(vm));
        this.watch = new VmLimitsWatch<>(limits::read);
    }

    /** Adds new domains and removes those that have ended; to be called every few seconds. */
    public void refresh() {
        try {
            Set<String> running = new HashSet<>(libvirt.running());
            vms.forEach((uuid, vm) -> {
                if (!running.contains(uuid) && vms.remove(uuid, vm)) {
                    vm.heartbeats().close();
                }
            });
            arriving = running.stream().filter(uuid -> byUuid(uuid).isEmpty()).toList();
        } catch (LibvirtException e) {
            LOG.warn("Cannot update the list of VMs: {}", e.getMessage());
        }
    }

    /** Sets of which VMs the monitor may be used to find out what rules out their migration; by default of all. */
    public void askOnly(Predicate<? super LibvirtVm> which) {
        askable = which;
    }

    /** Begins to read, on other threads, what rules out migrations of those VMs for which that is due; to be called every few seconds. */
    public void refreshLimits() {
        watch.refresh(all());
    }

    /** {@inheritDoc} Also finds a domain that started after the last {@link #refresh}; one that arrives is not found before it is here. */
    @Override
    public Optional<LibvirtVm> find(String name) {
        try {
            return uuid(name).flatMap(this::byUuid);
        } catch (LibvirtException e) {
            LOG.debug("No VM {}", name, e);
            return Optional.empty();
        }
    }

    /**
     * The domain of this name.
     *
     * @throws Refusal if there is none
     */
    public LibvirtVm domain(String name) {
        return find(name).orElseThrow(() -> VmList.noSuchVm(name));
    }

    private Optional<String> uuid(String name) throws LibvirtException {
        if (naming == Naming.UUID) {
            return Optional.of(name);
        }
        // One that has ended may have been replaced by another domain of this name.
        Optional<LibvirtVm> known =
                all().stream().filter(vm -> vm.name().equals(name)).findFirst();
        return known.isPresent() ? known.map(LibvirtVm::uuid) : libvirt.uuidOf(name);
    }

    private Optional<LibvirtVm> byUuid(String uuid) {
        LibvirtVm known = vms.get(uuid);
        if (known != null && known.alive()) {
            return Optional.of(known);
        }
        try {
            if (libvirt.state(uuid).inMigration()) {
                return Optional.empty();
            }
            return Optional.of(add(uuid));
        } catch (IOException e) {
            LOG.debug("No VM {}", uuid, e);
            return Optional.empty();
        }
    }

    private synchronized LibvirtVm add(String uuid) throws IOException {
        LibvirtVm known = vms.get(uuid);
        if (known != null && known.alive()) {
            return known;
        }
        LibvirtVm found = read(uuid);
        vms.put(uuid, found);
        if (known != null) {
            known.heartbeats().close();
        }
        return found;
    }

    /** {@inheritDoc} libvirt answers this for a domain that arrives, too. */
    @Override
    public boolean inMigration(String name) throws LibvirtException {
        Optional<String> uuid = uuid(name);
        return uuid.isPresent()
                && libvirt.running().contains(uuid.get())
                && libvirt.state(uuid.get()).inMigration();
    }

    /** {@inheritDoc} Its monitor is not asked. */
    @Override
    public long pid(String uuid) {
        Optional<LibvirtVm> known = find(uuid);
        return known.isPresent()
                ? known.get().running().pid()
                : new QemuProcesses(PROC)
                        .find(uuid)
                        .orElseThrow(() -> VmList.noSuchVm(uuid))
                        .pid();
    }

    @Override
    public List<LibvirtVm> all() {
        return vms.values().stream()
                .filter(LibvirtVm::alive)
                .sorted(Comparator.comparing(LibvirtVm::name))
                .toList();
    }

    @Override
    public Set<Long> arriving() {
        Set<Long> pids = new HashSet<>();
        for (String uuid : arriving) {
            new QemuProcesses(PROC).find(uuid).ifPresent(process -> pids.add(process.pid()));
        }
        return pids;
    }

    private LibvirtVm read(String uuid) throws IOException {
        String xml = libvirt.xml(uuid);
        VmDefinition definition = DomainXml.read(xml, naming == Naming.DOMAIN);
        LibvirtMonitor monitor = new LibvirtMonitor(libvirt, threads, uuid);
        Optional<ProcessIdentity> found = new QemuProcesses(Path.of("/proc")).find(uuid);
        ProcessIdentity process = found.isPresent() ? found.get() : process(monitor);
        RunningVm running = new RunningVm(definition, process.pid(), heartbeats.of(definition.name()));
        VmLimits first = limits.first(uuid, running, xml);
        return new LibvirtVm(
                uuid,
                running,
                process,
                heartbeats.open(running),
                monitor,
                libvirt,
                first,
                watch,
                DomainXml.project(xml));
    }

    /** The process of a vCPU's thread, for a command line without the UUID: libvirt has no function for the process id. */
    private static ProcessIdentity process(LibvirtMonitor monitor) throws IOException {
        JsonNode vcpu = monitor.execute("query-cpus-fast").path(0);
        Path status = Path.of("/proc", vcpu.path("thread-id").asText("none"), "status");
        String group = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("Tgid:"))
                .findFirst()
                .orElseThrow(() -> new IOException(status + " names no thread group."));
        long pid = Long.parseLong(group.substring("Tgid:".length()).trim());
        return ProcessIdentity.of(pid).orElseThrow(() -> new IOException("QEMU %d has just ended.".formatted(pid)));
    }

    /**
     * Whether libvirt gives each QEMU a mount namespace with a {@code /dev} of its own, which contains {@code /dev/userfaultfd}; empty as
     * long as no domain runs here.
     */
    public Optional<Boolean> grantsUserfaultfd() {
        List<LibvirtVm> running = all();
        return running.isEmpty()
                ? Optional.empty()
                : Optional.of(running.stream()
                        .anyMatch(vm -> hasOwnDevices(PROC, vm.running().pid())));
    }

    static boolean hasOwnDevices(Path proc, long pid) {
        Path process = proc.resolve(Long.toString(pid));
        Optional<Path> own = mounts(process);
        return own.isPresent()
                && !own.equals(mounts(proc.resolve("self")))
                && !own.equals(mounts(proc.resolve("1")))
                && Files.exists(process.resolve("root/dev/userfaultfd"));
    }

    /** The mount namespace of a process; empty if it cannot be read, as that of process 1 in a container. */
    private static Optional<Path> mounts(Path process) {
        try {
            return Optional.of(Files.readSymbolicLink(process.resolve("ns/mnt")));
        } catch (IOException e) {
            LOG.debug("Cannot read the mount namespace of {}", process, e);
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        watch.close();
        threads.shutdownNow();
        vms.values().forEach(vm -> vm.heartbeats().close());
    }
}
