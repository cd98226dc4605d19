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
 * Run states of VMs. Monitors are asked on threads of their own, each once at a time: one that is slow keeps nobody waiting, and
 * its VM has the state that it had last.
 */
public final class VmStates implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** What {@link Vm#state()} says of a monitor that does not answer. */
    private static final String UNKNOWN = "unknown";

    private final Map<Vm, CompletableFuture<String>> asked = new ConcurrentHashMap<>();
    private final Map<Vm, String> known = new ConcurrentHashMap<>();
    private final ExecutorService threads = DaemonThreads.cached("vm-state");

    /** QEMU's run state of a VM, for example {@code running}; where its monitor is slow, the last that is known. */
    public String of(Vm vm) {
        return within(PATIENCE, vm, ask(vm));
    }

    /** The same of several VMs, in no more time than of one. */
    public List<String> of(List<? extends Vm> vms) {
        asked.keySet().removeIf(vm -> !vm.alive());
        known.keySet().removeIf(vm -> !vm.alive());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<CompletableFuture<String>> answers = new ArrayList<>();
        vms.forEach(vm -> answers.add(ask(vm)));
        List<String> states = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            states.add(within(Duration.ofNanos(deadline - System.nanoTime()), vms.get(i), answers.get(i)));
        }
        return states;
    }

    private String within(Duration time, Vm vm, CompletableFuture<String> answer) {
        try {
            return answer.get(Math.max(0, time.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return known.getOrDefault(vm, UNKNOWN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return known.getOrDefault(vm, UNKNOWN);
        }
    }

    private CompletableFuture<String> ask(Vm vm) {
        return asked.compute(
                vm,
                (same, last) -> last != null && !last.isDone()
                        ? last
                        : CompletableFuture.supplyAsync(() -> state(vm), threads));
    }

    private String state(Vm vm) {
        String state = vm.state();
        if (state.equals(UNKNOWN)) {
            return known.getOrDefault(vm, UNKNOWN);
        }
        known.put(vm, state);
        return state;
    }

    /** Asks no more. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
