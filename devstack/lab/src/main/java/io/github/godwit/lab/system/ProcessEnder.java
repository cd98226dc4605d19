package io.github.godwit.lab.system;

import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.lab.LabException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Ends processes that are not children of this one: with SIGTERM first, with SIGKILL when that takes too long. */
public final class ProcessEnder {

    private static final Duration FORCED = Duration.ofSeconds(5);

    /** Java reports no event when a process ends that is not a child, so the processes are polled. */
    private static final Duration POLL = Duration.ofMillis(20);

    /**
     * Ends the processes and waits until they are gone.
     *
     * @param processes the processes; those that have ended are skipped
     * @param grace     time before they are killed; zero kills them at once
     * @throws LabException when a killed process does not end
     */
    public void end(Collection<ProcessIdentity> processes, Duration grace) {
        if (!grace.isZero()) {
            processes.forEach(process -> signal(process, false));
            if (awaitEnd(processes, grace).isEmpty()) {
                return;
            }
        }
        processes.forEach(process -> signal(process, true));
        List<ProcessIdentity> left = awaitEnd(processes, FORCED);
        if (!left.isEmpty()) {
            throw new LabException(
                    "These processes were killed but did not end: %s. Inspect them with 'ps -o pid,stat,wchan,args'."
                            .formatted(left.stream().map(ProcessIdentity::pid).toList()));
        }
    }

    private static void signal(ProcessIdentity process, boolean force) {
        if (process.alive()) {
            ProcessHandle.of(process.pid()).ifPresent(handle -> {
                boolean sent = force ? handle.destroyForcibly() : handle.destroy();
                assert sent || !process.alive() : "a root process may signal every process";
            });
        }
    }

    private static List<ProcessIdentity> awaitEnd(Collection<ProcessIdentity> processes, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        List<ProcessIdentity> left =
                processes.stream().filter(ProcessIdentity::alive).toList();
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            try {
                TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return left;
            }
            left = left.stream().filter(ProcessIdentity::alive).toList();
        }
        return left;
    }
}
