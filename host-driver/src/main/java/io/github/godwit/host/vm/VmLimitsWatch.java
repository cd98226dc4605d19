package io.github.godwit.host.vm;

import io.github.godwit.common.DaemonThreads;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the limits of each VM when it is new, and once a minute: disks grow, and devices come and go. It reads them on its own two threads,
 * so that a monitor that does not answer delays nobody.
 *
 * @param <T> the kind of VM
 */
public final class VmLimitsWatch<T extends Vm> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(VmLimitsWatch.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final int THREADS = 2;

    private final Function<T, VmLimits> reader;
    private final Map<Long, Known> byPid = new ConcurrentHashMap<>();
    private final Set<Long> reading = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, DaemonThreads.factory("vm-limits"));

    private record Known(VmLimits limits, long at) {
        boolean old() {
            return System.nanoTime() - at > PERIOD.toNanos();
        }
    }

    /**
     * Creates a watch that knows nothing yet.
     *
     * @param reader reads the limits of a VM, which may take seconds
     */
    public VmLimitsWatch(Function<T, VmLimits> reader) {
        this.reader = reader;
    }

    /** Begins to read what is due; to be called every few seconds with all VMs. */
    public void refresh(List<T> vms) {
        Set<Long> pids = new HashSet<>();
        for (T vm : vms) {
            long pid = vm.running().pid();
            pids.add(pid);
            Known known = byPid.get(pid);
            if ((known == null || known.old()) && reading.add(pid)) {
                begin(vm, pid);
            }
        }
        byPid.keySet().retainAll(pids);
    }

    private void begin(T vm, long pid) {
        try {
            threads.execute(() -> {
                try {
                    VmLimits read = reader.apply(vm);
                    byPid.compute(
                            pid,
                            (same, before) ->
                                    new Known(before == null ? read : read.after(before.limits()), System.nanoTime()));
                } catch (RuntimeException e) {
                    LOG.warn("Cannot read what rules out migrations of VM {}", vm.name(), e);
                } finally {
                    reading.remove(pid);
                }
            });
        } catch (RejectedExecutionException e) {
            reading.remove(pid);
        }
    }

    /** The limits of the VM with this process; the given ones until they have been read. */
    public VmLimits of(long pid, VmLimits otherwise) {
        Known known = byPid.get(pid);
        return known == null ? otherwise : known.limits();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
