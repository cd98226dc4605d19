package io.github.godwit.host.profile;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.host.profile.known.KnownProfiles;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.host.vm.VmStates;
import io.github.godwit.model.profile.VmProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
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

    /** A VM that boots is not yet representative. */
    private static final Duration SETTLED = Duration.ofSeconds(15);

    /** A profile that is being measured needs up to 12 MB, and its windows disturb each other on a host with few cores. */
    private static final int MOST_AT_ONCE = 3;

    private static final int MOST_WAITING = 500;
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

    private final VmProfiler profiler;
    private final VmStates states;
    private final Guard guard;
    private final Duration settled;
    private final Map<String, Profiling> profilings = new ConcurrentHashMap<>();
    private final KnownProfiles known = new KnownProfiles();
    private final Map<String, Long> seen = new ConcurrentHashMap<>();
    private final Map<String, Long> failed = new ConcurrentHashMap<>();
    private final ExecutorService threads = DaemonThreads.bounded("profiling", MOST_AT_ONCE, MOST_WAITING);

    /** Keeps VMs from being profiled. */
    public interface Guard {

        /** Profiles all VMs, through the monitor. */
        Guard NONE = vm -> Optional.empty();

        /** Why a VM must not be profiled now, as a clause; empty if it may be. Called on the thread that would profile it. */
        Optional<String> objection(Vm vm);

        /** Why a VM is never profiled, as a clause; empty if it is. Must return at once. */
        default Optional<String> prohibition(Vm vm) {
            return Optional.empty();
        }

        /** Whether this host has something to do that profiles from time to time would slow down. Must return at once. */
        default boolean isBusy() {
            return false;
        }

        /** Whether profiling uses QEMU's monitor. */
        default boolean usesMonitor() {
            return true;
        }
    }

    private record Profiling(CompletableFuture<VmProfile> profile, Future<?> task, long startedNanos) {

        void stop(String reason) {
            profile.completeExceptionally(new IOException(reason));
            task.cancel(true);
        }

        boolean youngerThan(Duration age) {
            return System.nanoTime() - startedNanos < age.toNanos() && !profile.isCompletedExceptionally();
        }
    }

    /**
     * Creates an empty cache.
     *
     * @param profiler profiles the VMs
     * @param states   the run states of the VMs
     */
    public VmProfileCache(VmProfiler profiler, VmStates states) {
        this(profiler, states, Guard.NONE);
    }

    /**
     * Creates an empty cache.
     *
     * @param profiler profiles the VMs
     * @param states   the run states of the VMs
     * @param guard    keeps VMs from being profiled
     */
    public VmProfileCache(VmProfiler profiler, VmStates states, Guard guard) {
        this(profiler, states, guard, SETTLED);
    }

    VmProfileCache(VmProfiler profiler, VmStates states, Guard guard, Duration settled) {
        this.profiler = profiler;
        this.states = states;
        this.guard = guard;
        this.settled = settled;
    }

    /** Why QEMU's monitor may not be used for a VM, as a clause; empty if it may. */
    public Optional<String> monitorObjection(Vm vm) {
        return guard.usesMonitor() ? guard.prohibition(vm) : Optional.of("VMs are profiled without QEMU's monitor");
    }

    /** Starts to profile a VM that may be migrated soon, unless it was profiled in the last 30 s. */
    public void beginEarly(Vm vm) {
        var unused = begin(vm, FRESH);
    }

    /** Whether a VM was first seen long enough ago. */
    private boolean settled(String vm) {
        long now = System.nanoTime();
        return now - seen.computeIfAbsent(vm, name -> now) > settled.toNanos();
    }

    /**
     * Starts to profile one running VM that has no profile or a stale one, unless another VM is being profiled or the host is busy. To be
     * called every few seconds.
     */
    public void refreshOne(VmList vms) {
        List<? extends Vm> all = vms.all();
        List<String> names = all.stream().map(Vm::name).toList();
        seen.keySet().retainAll(names);
        failed.keySet().retainAll(names);
        List<? extends Vm> settled =
                all.stream().filter(vm -> settled(vm.name())).toList();
        if (guard.isBusy()
                || profilings.values().stream().anyMatch(each -> !each.profile().isDone())) {
            return;
        }
        settled.stream()
                .filter(vm -> known.isStale(vm.name()))
                .filter(vm -> !failedLately(vm.name()))
                .filter(vm -> guard.prohibition(vm).isEmpty())
                .filter(vm -> states.of(vm).equals("running"))
                .findFirst()
                .ifPresent(this::beginEarly);
    }

    private boolean failedLately(String vm) {
        Long at = failed.get(vm);
        return at != null && System.nanoTime() - at < FRESH.toNanos();
    }

    /** Starts to profile a VM, or returns the profiling that is running or was started less than {@code fresh} ago. */
    private CompletableFuture<VmProfile> begin(Vm vm, Duration fresh) {
        known.forgetOld();
        profilings
                .values()
                .removeIf(each -> !each.youngerThan(FRESH) && each.profile().isDone());
        return profilings
                .compute(
                        vm.name(),
                        (name, last) -> last != null
                                        && (last.youngerThan(fresh)
                                                || !last.profile().isDone())
                                ? last
                                : begin(vm))
                .profile();
    }

    private Profiling begin(Vm vm) {
        CompletableFuture<VmProfile> profile = new CompletableFuture<>();
        try {
            return new Profiling(profile, threads.submit(() -> profile(vm, profile)), System.nanoTime());
        } catch (RejectedExecutionException e) {
            profile.completeExceptionally(new IOException(
                    "%d other VMs wait to be profiled, or the host driver is stopping".formatted(MOST_WAITING), e));
            return new Profiling(profile, CompletableFuture.completedFuture(null), System.nanoTime());
        }
    }

    private void profile(Vm vm, CompletableFuture<VmProfile> profile) {
        try {
            Optional<String> objection = guard.prohibition(vm).or(() -> guard.objection(vm));
            if (objection.isPresent()) {
                throw new IOException(objection.get());
            }
            profile.complete(known.remember(
                    profiler.profile(vm.running(), vm.monitor(), VmProfiler.USUAL_PATIENCE, known::remember)));
            failed.remove(vm.name());
        } catch (IOException | RuntimeException e) {
            failed.put(vm.name(), System.nanoTime());
            profile.completeExceptionally(e);
        } catch (InterruptedException e) {
            profile.completeExceptionally(new IOException("profiling was stopped", e));
        } catch (Error e) {
            profile.completeExceptionally(e);
            throw e;
        }
    }

    /**
     * Ends the profiling of a VM that is about to be migrated: QEMU must not measure dirty rates for two at a time. Waits for the window
     * that QEMU measures, of which it reports the end by no event.
     *
     * @param patience how long to wait at most
     */
    public void settle(Vm vm, Duration patience) {
        Profiling running = profilings.get(vm.name());
        if (running == null || running.profile().isDone()) {
            return;
        }
        running.stop("it is about to be migrated");
        if (!guard.usesMonitor()) {
            return;
        }
        Deadline deadline = Deadline.after(patience);
        try {
            while (deadline.allows(POLL_INTERVAL)
                    && vm.monitor()
                            .execute("query-dirty-rate", Map.of(), deadline.left())
                            .path("status")
                            .asText()
                            .equals("measuring")) {
                Thread.sleep(POLL_INTERVAL.toMillis());
            }
        } catch (QmpException e) {
            LOG.debug("QEMU of VM {} does not report whether it still measures", vm.name(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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

    /**
     * The latest profile of a VM if no part of it is missing or older than this, else a new one, or an older one if no new one is available
     * in time.
     *
     * @param age      age that a profile may have; zero for a new one
     * @param patience how long to wait for a new profile
     * @throws IOException if the VM cannot be profiled in time and there is no older profile
     */
    public VmProfile notOlder(Vm vm, Duration age, Duration patience) throws IOException, InterruptedException {
        Optional<VmProfile> latest = known.now(vm.name())
                .filter(profile -> profile.missing().isEmpty() && profile.oldestMillis() < age.toMillis());
        return latest.isPresent() ? latest.get() : anew(vm, patience);
    }

    private VmProfile await(Vm vm, CompletableFuture<VmProfile> profiling, Duration patience)
            throws IOException, InterruptedException {
        try {
            return profiling.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            Optional<VmProfile> best = known.now(vm.name());
            if (best.isPresent()) {
                VmProfile now = best.get();
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
