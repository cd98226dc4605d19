package io.github.godwit.host.vm;

import io.github.godwit.common.DaemonThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The run states of VMs. Each monitor is queried on its own thread, with one query at a time, so that a slow monitor does not delay
 * the caller: its VM keeps the last lastKnown state.
 */
public final class VmStates implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofMillis(500);

    /** What {@link Vm#state()} returns if the monitor does not respond. */
    private static final String UNKNOWN = "unknown";

    private final Map<Vm, CompletableFuture<String>> pending = new ConcurrentHashMap<>();
    private final Map<Vm, String> lastKnown = new ConcurrentHashMap<>();
    private final ExecutorService threads = DaemonThreads.cached("vm-state");

    /** QEMU's run state of a VM, for example {@code running}; the last known one if the monitor does not respond within 500 ms. */
    public String of(Vm vm) {
        forgetEnded();
        return within(TIMEOUT, vm, query(vm));
    }

    /** The run states of several VMs, in their order, within 500 ms for all of them together. */
    public List<String> of(List<? extends Vm> vms) {
        forgetEnded();
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        List<CompletableFuture<String>> answers = new ArrayList<>();
        vms.forEach(vm -> answers.add(query(vm)));
        List<String> states = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            states.add(within(Duration.ofNanos(deadline - System.nanoTime()), vms.get(i), answers.get(i)));
        }
        return states;
    }

    private void forgetEnded() {
        pending.keySet().removeIf(vm -> !vm.alive());
        lastKnown.keySet().removeIf(vm -> !vm.alive());
    }

    private String within(Duration time, Vm vm, CompletableFuture<String> answer) {
        try {
            return answer.get(Math.max(0, time.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return lastKnown.getOrDefault(vm, UNKNOWN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return lastKnown.getOrDefault(vm, UNKNOWN);
        }
    }

    private CompletableFuture<String> query(Vm vm) {
        return pending.compute(
                vm,
                (same, last) -> last != null && !last.isDone()
                        ? last
                        : CompletableFuture.supplyAsync(() -> state(vm), threads));
    }

    private String state(Vm vm) {
        String state = vm.state();
        if (state.equals(UNKNOWN)) {
            return lastKnown.getOrDefault(vm, UNKNOWN);
        }
        lastKnown.put(vm, state);
        return state;
    }

    /** Interrupts all queries. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
