package io.github.godwit.host.profile;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.host.vm.VmStates;
import io.github.godwit.model.profile.VmProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Comparator;
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
    private static final Duration SETTLED = Duration.ofSeconds(15);
    private static final Duration MIN_VALIDITY = Duration.ofSeconds(20);
    private static final Duration MAX_VALIDITY = Duration.ofMinutes(10);
    private static final Duration MAX_AGE = Duration.ofHours(1);

    /** A profile that is being measured needs up to 12 MB, and its windows disturb each other on a host with few cores. */
    private static final int MOST_AT_ONCE = 3;

    private static final int MOST_WAITING = 500;
    private static final int MOST_KNOWN = 1_000;
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

    private final VmProfiler profiler;
    private final VmStates states;
    private final Guard guard;
    private final Map<String, Profiling> profilings = new ConcurrentHashMap<>();
    private final Map<String, Known> known = new ConcurrentHashMap<>();
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
        this.profiler = profiler;
        this.states = states;
        this.guard = guard;
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
        List<String> names = all.stream().map(Vm::name).toList();
        seen.keySet().retainAll(names);
        failed.keySet().retainAll(names);
        if (profilings.values().stream().anyMatch(each -> !each.profile().isDone())) {
            return;
        }
        all.stream()
                .filter(vm -> settled(vm.name()))
                .filter(vm ->
                        !known.containsKey(vm.name()) || known.get(vm.name()).stale())
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
        known.values().removeIf(each -> !each.youngerThan(MAX_AGE));
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
            profile.complete(remember(
                    profiler.profile(vm.running(), vm.monitor(), VmProfiler.USUAL_PATIENCE, early -> remember(early))));
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

    private VmProfile remember(VmProfile profile) {
        long now = System.nanoTime();
        if (known.size() >= MOST_KNOWN) {
            known.entrySet().stream()
                    .min(Comparator.comparingLong(each -> each.getValue().at()))
                    .ifPresent(oldest -> known.remove(oldest.getKey()));
        }
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
