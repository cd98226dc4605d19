package io.github.godwit.host.libvirt;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.common.DaemonThreads;
import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.host.vm.RunningVm;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The active domains of libvirt on this host, by UUID. */
public final class LibvirtVms implements VmList, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LibvirtVms.class);
    private static final int MAX_CALLS = 16;

    private final LibvirtConnection libvirt;
    private final Map<String, LibvirtVm> vms = new ConcurrentHashMap<>();
    private final ExecutorService threads = new ThreadPoolExecutor(
            0, MAX_CALLS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), DaemonThreads.factory("monitor"));

    /**
     * Creates an empty list; {@link #refresh} fills it.
     *
     * @param libvirt the connection, which {@link #close} does not close
     */
    public LibvirtVms(LibvirtConnection libvirt) {
        this.libvirt = libvirt;
    }

    /** Adds new domains and removes those that have ended; to be called every few seconds. */
    public void refresh() {
        try {
            Set<String> running = new HashSet<>(libvirt.running());
            vms.keySet().retainAll(running);
            for (String uuid : running) {
                LibvirtVm known = vms.get(uuid);
                if (known == null || !known.alive()) {
                    find(uuid);
                }
            }
        } catch (LibvirtException e) {
            LOG.warn("Cannot update the list of VMs: {}", e.getMessage());
        }
    }

    /** {@inheritDoc} Also finds a domain that started after the last {@link #refresh}. */
    @Override
    public Optional<LibvirtVm> find(String uuid) {
        LibvirtVm known = vms.get(uuid);
        if (known != null && known.alive()) {
            return Optional.of(known);
        }
        try {
            LibvirtVm found = read(uuid);
            vms.put(uuid, found);
            return Optional.of(found);
        } catch (IOException e) {
            LOG.debug("No VM {}", uuid, e);
            return Optional.empty();
        }
    }

    @Override
    public List<LibvirtVm> all() {
        return vms.values().stream()
                .filter(LibvirtVm::alive)
                .sorted(Comparator.comparing(LibvirtVm::name))
                .toList();
    }

    private LibvirtVm read(String uuid) throws IOException {
        String xml = libvirt.xml(uuid);
        VmDefinition definition = DomainXml.read(xml);
        LibvirtMonitor monitor = new LibvirtMonitor(libvirt, threads, uuid);
        ProcessIdentity process = process(monitor);
        return new LibvirtVm(
                new RunningVm(definition, process.pid(), Path.of("/")), process, monitor, DomainXml.project(xml));
    }

    /** The process of a vCPU's thread: libvirt has no function for the process id. */
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

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
