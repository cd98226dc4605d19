package io.github.godwit.host.libvirt;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.common.DaemonThreads;
import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.host.vm.QemuProcesses;
import io.github.godwit.host.vm.RunningVm;
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

/** The active domains of libvirt on this host, by UUID. */
public final class LibvirtVms implements VmList, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LibvirtVms.class);
    private static final int MAX_CALLS = 16;
    private static final Path PROC = Path.of("/proc");

    private final LibvirtConnection libvirt;
    private final Map<String, LibvirtVm> vms = new ConcurrentHashMap<>();
    private final DomainLimits limits;
    private final VmLimitsWatch<LibvirtVm> watch;
    private volatile List<String> arriving = List.of();
    private volatile Predicate<? super LibvirtVm> askable = vm -> true;
    private final ExecutorService threads = new ThreadPoolExecutor(
            0, MAX_CALLS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), DaemonThreads.factory("monitor"));

    /**
     * Creates an empty list; {@link #refresh} fills it.
     *
     * @param libvirt the connection, which {@link #close} does not close
     */
    public LibvirtVms(LibvirtConnection libvirt) {
        this.libvirt = libvirt;
        this.limits = new DomainLimits(libvirt, PROC, vm -> askable.test(vm));
        this.watch = new VmLimitsWatch<>(limits::read);
    }

    /** Adds new domains and removes those that have ended; to be called every few seconds. */
    public void refresh() {
        try {
            Set<String> running = new HashSet<>(libvirt.running());
            vms.keySet().retainAll(running);
            arriving = running.stream().filter(uuid -> find(uuid).isEmpty()).toList();
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
    public Optional<LibvirtVm> find(String uuid) {
        LibvirtVm known = vms.get(uuid);
        if (known != null && known.alive()) {
            return Optional.of(known);
        }
        try {
            if (libvirt.state(uuid).inMigration()) {
                return Optional.empty();
            }
            LibvirtVm found = read(uuid);
            vms.put(uuid, found);
            return Optional.of(found);
        } catch (IOException e) {
            LOG.debug("No VM {}", uuid, e);
            return Optional.empty();
        }
    }

    /** {@inheritDoc} libvirt answers this for a domain that arrives, too. */
    @Override
    public boolean inMigration(String uuid) throws LibvirtException {
        return libvirt.running().contains(uuid) && libvirt.state(uuid).inMigration();
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
        VmDefinition definition = DomainXml.read(xml);
        LibvirtMonitor monitor = new LibvirtMonitor(libvirt, threads, uuid);
        Optional<ProcessIdentity> found = new QemuProcesses(Path.of("/proc")).find(uuid);
        ProcessIdentity process = found.isPresent() ? found.get() : process(monitor);
        RunningVm running = new RunningVm(definition, process.pid(), Path.of("/"));
        return new LibvirtVm(
                running, process, monitor, libvirt, limits.first(running, xml), watch, DomainXml.project(xml));
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
    }
}
