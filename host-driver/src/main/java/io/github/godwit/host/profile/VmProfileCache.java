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
 * Profiles of this host's VMs. Profiling takes two to three seconds, on a busy host more, and nova-compute waits for two: it begins when
 * Nova first thinks of a migration, and every VM is profiled now and then. Who asks gets the best that is there in time: what
 * was measured just now, completed by older parts where some are missing, each with its age.
 */
public final class VmProfileCache implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(VmProfileCache.class);
    /** How long to wait for a profile where there is time; the profiler gives up a little sooner. */
    public static final Duration WHOLE_PROFILE = VmProfiler.USUAL_PATIENCE.plusSeconds(2);

    private static final Duration FRESH = Duration.ofSeconds(30);
    private static final Duration SETTLED = Duration.ofSeconds(15);
    private static final Duration LEAST_STALE = Duration.ofSeconds(20);
    private static final Duration MOST_STALE = Duration.ofMinutes(10);
    private static final Duration OLDEST = Duration.ofHours(1);

    private final VmProfiler profiler;
    private final VmStates states;
    private final Map<String, Profiling> profilings = new ConcurrentHashMap<>();
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<String, Long> seen = new ConcurrentHashMap<>();
    private final ExecutorService threads = DaemonThreads.cached("profiling");

    private record Profiling(CompletableFuture<VmProfile> profile, long begun) {
        boolean youngerThan(Duration age) {
            return System.nanoTime() - begun < age.toNanos() && !profile.isCompletedExceptionally();
        }
    }

    private record Known(VmProfile profile, long at, long firstSeen) {
        /** A VM that has just been started is not yet what it will be. */
        boolean stale() {
            Duration age = Duration.ofNanos(at - firstSeen);
            Duration good = age.compareTo(LEAST_STALE) < 0 ? LEAST_STALE : age;
            return !youngerThan(good.compareTo(MOST_STALE) > 0 ? MOST_STALE : good);
        }

        boolean youngerThan(Duration age) {
            return System.nanoTime() - at < age.toNanos();
        }

        /** As of now: with the age of each part. */
        VmProfile now() {
            return profile.aged(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - at));
        }
    }

    /**
     * @param profiler profiles VMs
     * @param states   their run states
     */
    public VmProfileCache(VmProfiler profiler, VmStates states) {
        this.profiler = profiler;
        this.states = states;
    }

    /** Begins to profile a VM that will perhaps be migrated. */
    public void beginEarly(Vm vm) {
        var unused = begin(vm, FRESH);
    }

    /** A VM that boots is not yet what it will be. */
    private boolean settled(String vm) {
        long now = System.nanoTime();
        return now - seen.computeIfAbsent(vm, name -> now) > SETTLED.toNanos();
    }

    /** Profiles one of the VMs, if there is one that was not profiled for ten minutes; called every second or so. */
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

    /** Begins to profile a VM, unless that was begun within some time. */
    private CompletableFuture<VmProfile> begin(Vm vm, Duration fresh) {
        known.values().removeIf(each -> !each.youngerThan(OLDEST));
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
     * The newest profile that can be had in a time: one of the last half minute, or a new one, or what is known from before.
     *
     * @param patience how long to wait for it
     * @throws IOException when nothing of the VM can be measured in that time and nothing is known from before
     */
    public VmProfile of(Vm vm, Duration patience) throws IOException, InterruptedException {
        return await(vm, begin(vm, FRESH), patience);
    }

    /** The same without those of before, unless a new one cannot be had in time. */
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
                        "VM {} is taken to be as it was {} ms ago: {}",
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

    /** Ends all profiling. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
