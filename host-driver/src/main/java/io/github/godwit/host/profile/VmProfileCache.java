package io.github.godwit.host.profile;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.host.vm.VmStates;
import io.github.godwit.model.profile.VmProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest profiles of this host's VMs. Profiling takes two to three seconds, or more on a busy host, but nova-compute waits only two.
 * So profiling starts as soon as Nova checks whether a VM can be migrated, and all VMs are profiled from time to time. The result is the
 * best profile that is available in time: new measurements, with missing parts filled in from earlier ones, each part with its age.
 */
public final class VmProfileCache implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(VmProfileCache.class);

    /** How long to wait for a complete profile; longer than {@link VmProfiler#USUAL_PATIENCE}, after which the profiler gives up. */
    public static final Duration WHOLE_PROFILE = VmProfiler.USUAL_PATIENCE.plusSeconds(2);

    private static final Duration FRESH = Duration.ofSeconds(30);
    private static final Duration SETTLED = Duration.ofSeconds(15);
    private static final Duration MIN_VALIDITY = Duration.ofSeconds(20);
    private static final Duration MAX_VALIDITY = Duration.ofMinutes(10);
    private static final Duration MAX_AGE = Duration.ofHours(1);

    private final VmProfiler profiler;
    private final VmStates states;
    private final Map<String, Profiling> profilings = new ConcurrentHashMap<>();
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<String, Long> seen = new ConcurrentHashMap<>();
    private final ExecutorService threads = DaemonThreads.cached("profiling");

    private record Profiling(CompletableFuture<VmProfile> profile, long startedNanos) {
        boolean youngerThan(Duration age) {
            return System.nanoTime() - startedNanos < age.toNanos() && !profile.isCompletedExceptionally();
        }
    }

    private record Known(VmProfile profile, long at, long firstSeen) {
        /** Valid for 20 s to 10 min: the longer, the longer the VM was known when it was profiled, because new VMs change more. */
        boolean stale() {
            Duration age = Duration.ofNanos(at - firstSeen);
            Duration validity = age.compareTo(MIN_VALIDITY) < 0 ? MIN_VALIDITY : age;
            return !youngerThan(validity.compareTo(MAX_VALIDITY) > 0 ? MAX_VALIDITY : validity);
        }

        boolean youngerThan(Duration age) {
            return System.nanoTime() - at < age.toNanos();
        }

        /** The profile with the current age of each part. */
        VmProfile now() {
            return profile.aged(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - at));
        }
    }

    /**
     * Creates an empty cache.
     *
     * @param profiler profiles the VMs
     * @param states   the run states of the VMs
     */
    public VmProfileCache(VmProfiler profiler, VmStates states) {
        this.profiler = profiler;
        this.states = states;
    }

    /** Starts to profile a VM that may be migrated soon, unless it was profiled in the last 30 s. */
    public void beginEarly(Vm vm) {
        var unused = begin(vm, FRESH);
    }

    /** Whether a VM was first seen more than 15 s ago: a VM that boots is not yet representative. */
    private boolean settled(String vm) {
        long now = System.nanoTime();
        return now - seen.computeIfAbsent(vm, name -> now) > SETTLED.toNanos();
    }

    /**
     * Starts to profile one running VM that has no profile or a stale one, unless another VM is being profiled. To be called every
     * few seconds.
     */
    public void refreshOne(VmList vms) {
        List<? extends Vm> all = vms.all();
        seen.keySet().retainAll(all.stream().map(Vm::name).toList());
        if (profilings.values().stream().anyMatch(each -> !each.profile().isDone())) {
            return;
        }
        all.stream()
                .filter(vm -> settled(vm.name()))
                .filter(vm ->
                        !known.containsKey(vm.name()) || known.get(vm.name()).stale())
                .filter(vm -> states.of(vm).equals("running"))
                .findFirst()
                .ifPresent(this::beginEarly);
    }

    /** Starts to profile a VM, or returns the profiling that is running or was started less than {@code fresh} ago. */
    private CompletableFuture<VmProfile> begin(Vm vm, Duration fresh) {
        known.values().removeIf(each -> !each.youngerThan(MAX_AGE));
        profilings.values().removeIf(each -> !each.youngerThan(FRESH));
        return profilings
                .compute(
                        vm.name(),
                        (name, last) -> last != null
                                        && (last.youngerThan(fresh)
                                                || !last.profile().isDone())
                                ? last
                                : new Profiling(
                                        CompletableFuture.supplyAsync(() -> profile(vm), threads), System.nanoTime()))
                .profile();
    }

    private VmProfile profile(Vm vm) {
        try {
            return remember(
                    profiler.profile(vm.running(), vm.monitor(), VmProfiler.USUAL_PATIENCE, early -> remember(early)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("The host driver is stopping.");
        }
    }

    private VmProfile remember(VmProfile profile) {
        long now = System.nanoTime();
        return known.compute(
                        profile.name(),
                        (name, before) -> new Known(
                                before == null || profile.missing().isEmpty()
                                        ? profile
                                        : profile.completedFrom(before.now()),
                                now,
                                before == null ? now : before.firstSeen()))
                .profile();
    }

    /**
     * The profile of a VM: one of the last 30 s, or a new one, or an older one if no new one is available in time.
     *
     * @param patience how long to wait for a new profile
     * @throws IOException if the VM cannot be profiled in time and there is no older profile
     */
    public VmProfile of(Vm vm, Duration patience) throws IOException, InterruptedException {
        return await(vm, begin(vm, FRESH), patience);
    }

    /**
     * A new profile of a VM, or an older one if no new one is available in time.
     *
     * @param patience how long to wait for the new profile
     * @throws IOException if the VM cannot be profiled in time and there is no older profile
     */
    public VmProfile anew(Vm vm, Duration patience) throws IOException, InterruptedException {
        return await(vm, begin(vm, Duration.ZERO), patience);
    }

    private VmProfile await(Vm vm, CompletableFuture<VmProfile> profiling, Duration patience)
            throws IOException, InterruptedException {
        try {
            return profiling.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            Known best = known.get(vm.name());
            if (best != null) {
                VmProfile now = best.now();
                LOG.info(
                        "VM {}: using its profile of {} ms ago: {}",
                        vm.name(),
                        now.oldestMillis(),
                        reason(e, patience));
                return now;
            }
            throw new IOException("VM %s cannot be profiled: %s".formatted(vm.name(), reason(e, patience)), e);
        }
    }

    private static String reason(Exception e, Duration patience) {
        if (e instanceof TimeoutException) {
            return "no answer within %d ms".formatted(patience.toMillis());
        }
        Throwable cause = e.getCause() instanceof UncheckedIOException io ? io.getCause() : e.getCause();
        return String.valueOf(cause.getMessage());
    }

    /** Interrupts all profiling. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
