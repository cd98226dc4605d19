package io.github.godwit.host.migrate;

import io.github.godwit.host.profile.VmProfiler;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.model.VmProfile;
import java.io.IOException;
import java.time.Duration;
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
    private static final Duration STALE = Duration.ofMinutes(10);
    private static final Duration OLDEST = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofMillis(1_200);
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final VmProfiler profiler;
    private final Executor threads;
    private final Map<String, Look> looks = new ConcurrentHashMap<>();
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    private record Look(CompletableFuture<VmProfile> profile, long begun) {
        boolean fresh() {
            return System.nanoTime() - begun < FRESH.toNanos() && !profile.isCompletedExceptionally();
        }
    }

    private record Known(VmProfile profile, long at) {
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

    /** Looks at one of the VMs, if there is one that was not looked at for ten minutes; called every second or so. */
    void lookAround(VmList vms) {
        if (looks.values().stream().anyMatch(each -> !each.profile().isDone())) {
            return;
        }
        vms.all().stream()
                .filter(vm ->
                        !known.containsKey(vm.name()) || !known.get(vm.name()).youngerThan(STALE))
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
            VmProfile profile = profiler.profile(vm.running(), vm.monitor());
            known.put(vm.name(), new Known(profile, System.nanoTime()));
            return profile;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.util.concurrent.CancellationException("The agent is stopping.");
        }
    }

    /**
     * The newest profile that can be had soon.
     *
     * @throws IOException when the VM cannot be looked at and never was
     */
    VmProfile of(Vm vm) throws IOException, InterruptedException {
        CompletableFuture<VmProfile> look = begin(vm);
        Known before = known.get(vm.name());
        boolean older = before != null && before.youngerThan(OLDEST);
        try {
            return look.get((older ? PATIENCE : LONGEST).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            if (older) {
                LOG.info("VM {} is taken to be as it was a while ago: {}", vm.name(), e.toString());
                return before.profile();
            }
            throw new IOException("VM %s cannot be looked at: %s".formatted(vm.name(), reason(e)), e);
        }
    }

    private static String reason(Exception e) {
        return e instanceof TimeoutException
                ? "no answer within %d s".formatted(LONGEST.toSeconds())
                : String.valueOf(e.getCause().getMessage());
    }
}
