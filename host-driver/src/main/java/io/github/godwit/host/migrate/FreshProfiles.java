package io.github.godwit.host.migrate;

import io.github.godwit.host.profile.VmProfiler;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.model.VmProfile;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Profiles of VMs that are about to be migrated. Looking takes two to three seconds, and nova-compute waits for two: a look
 * begins when Nova first thinks of a migration. Where it is not done in time, an older look is better than none: each VM is
 * looked at now and then.
 */
final class FreshProfiles {

    private static final Logger LOG = LoggerFactory.getLogger(FreshProfiles.class);
    private static final Duration FRESH = Duration.ofSeconds(30);
    private static final Duration SETTLED = Duration.ofSeconds(15);
    private static final Duration LEAST_STALE = Duration.ofSeconds(20);
    private static final Duration MOST_STALE = Duration.ofMinutes(10);
    private static final Duration OLDEST = Duration.ofHours(1);

    private final VmProfiler profiler;
    private final Executor threads;
    private final Map<String, Look> looks = new ConcurrentHashMap<>();
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<String, Long> seen = new ConcurrentHashMap<>();

    private record Look(CompletableFuture<VmProfile> profile, long begun) {
        boolean fresh() {
            return System.nanoTime() - begun < FRESH.toNanos() && !profile.isCompletedExceptionally();
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
    }

    /**
     * @param profiler looks at VMs
     * @param threads  where it does so
     */
    FreshProfiles(VmProfiler profiler, Executor threads) {
        this.profiler = profiler;
        this.threads = threads;
    }

    /** Begins to look at a VM that will perhaps be migrated. */
    void beginEarly(Vm vm) {
        var unused = begin(vm);
    }

    /** A VM that boots is not yet what it will be. */
    private boolean settled(String vm) {
        long now = System.nanoTime();
        return now - seen.computeIfAbsent(vm, name -> now) > SETTLED.toNanos();
    }

    /** Looks at one of the VMs, if there is one that was not looked at for ten minutes; called every second or so. */
    void lookAround(VmList vms) {
        List<? extends Vm> all = vms.all();
        seen.keySet().retainAll(all.stream().map(Vm::name).toList());
        if (looks.values().stream().anyMatch(each -> !each.profile().isDone())) {
            return;
        }
        all.stream()
                .filter(vm -> settled(vm.name()))
                .filter(vm ->
                        !known.containsKey(vm.name()) || known.get(vm.name()).stale())
                .filter(vm -> vm.state().equals("running"))
                .findFirst()
                .ifPresent(this::beginEarly);
    }

    /** Begins to look at a VM, unless that was done just now. */
    private CompletableFuture<VmProfile> begin(Vm vm) {
        known.values().removeIf(each -> !each.youngerThan(OLDEST));
        looks.values().removeIf(each -> !each.fresh());
        return looks.computeIfAbsent(
                        vm.name(),
                        name -> new Look(CompletableFuture.supplyAsync(() -> look(vm), threads), System.nanoTime()))
                .profile();
    }

    private VmProfile look(Vm vm) {
        try {
            return remember(profiler.profile(vm.running(), vm.monitor(), this::remember));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.util.concurrent.CancellationException("The agent is stopping.");
        }
    }

    private VmProfile remember(VmProfile profile) {
        long now = System.nanoTime();
        known.compute(
                profile.name(), (name, before) -> new Known(profile, now, before == null ? now : before.firstSeen()));
        return profile;
    }

    /**
     * The newest profile that can be had in a time.
     *
     * @param patience how long the VM may be looked at, where it was not looked at just now
     * @throws IOException when the VM cannot be looked at in that time and never was
     */
    VmProfile of(Vm vm, Duration patience) throws IOException, InterruptedException {
        CompletableFuture<VmProfile> look = begin(vm);
        try {
            return look.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            Known best = known.get(vm.name());
            if (best != null) {
                LOG.info(
                        "VM {} is taken to be as it was {} ms ago",
                        vm.name(),
                        Duration.ofNanos(System.nanoTime() - best.at()).toMillis());
                return best.profile();
            }
            throw new IOException("VM %s cannot be looked at: %s".formatted(vm.name(), reason(e, patience)), e);
        }
    }

    private static String reason(Exception e, Duration patience) {
        return e instanceof TimeoutException
                ? "no answer within %d ms".formatted(patience.toMillis())
                : String.valueOf(e.getCause().getMessage());
    }
}
