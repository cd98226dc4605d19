package io.github.godwit.model.proxy;

import io.github.godwit.model.watch.PrecopyRound;
import java.util.OptionalDouble;

/**
 * Formulas that stand for PERF where no guest sends heartbeats: the share of its usual performance that a VM keeps during a migration, from 0
 * to 1, judged from outside. Host drivers record {@link #RECORDED} of every migration. The others were tried and agree less with the heartbeats;
 * {@code godwit-train perf-proxy} prints how well each does.
 *
 * <p>All of them are blind to what is slow inside of the guest although its vCPUs run, and take a guest that has less to do for a slower one.
 */
public enum PerformanceProxy {

    /**
     * CPU time of the vCPUs per second, relative to that before. A vCPU does not run while auto-converge or a dirty limit lets it sleep, while it
     * waits for a page in post-copy, while other threads have its CPU, and in the downtime. What the host's kernel does for the guest counts as
     * if the guest had done it, so that a guest which is slowed by faults on written pages looks better than it is.
     */
    RUN_TIME {
        @Override
        double ratio(OutsideView view) {
            return view.vcpus().together().runSeconds() / usualSeconds(view);
        }
    },

    /**
     * As {@link #RUN_TIME}, where the same work takes {@value #OVERHEAD} times the CPU time: the first write to each page of a round and the first
     * access to each page on the destination are faults, and caches are cold.
     */
    RUN_TIME_LESS_OVERHEAD {
        @Override
        double ratio(OutsideView view) {
            return RUN_TIME.ratio(view) / OVERHEAD;
        }
    },

    /** As {@link #RUN_TIME}, of time in guest mode alone. The kernel counts it by ticks, which miss guests that work in step with them. */
    GUEST_TIME {
        @Override
        double ratio(OutsideView view) {
            return view.vcpus().together().guestSeconds() / usualSeconds(view);
        }
    },

    /** Share of the time on a CPU in the time in which a vCPU was ready to run. Blind to throttling and to faults in post-copy. */
    RUN_SHARE {
        @Override
        double ratio(OutsideView view) {
            VcpuTime time = view.vcpus().together();
            return time.runSeconds() / (time.runSeconds() + time.waitSeconds());
        }
    },

    /**
     * The time without downtime, less what auto-converge takes ({@code cpu-throttle-percentage}, weighted by the time of the rounds). Blind to
     * faults in post-copy and to other work on the host.
     */
    QEMU_FIGURES {
        @Override
        double ratio(OutsideView view) {
            double awake = view.totalMillis() > 0 ? 1 - view.downtimeMillis() / view.totalMillis() : Double.NaN;
            return awake * unthrottled(view);
        }
    };

    /** The one that host drivers record. */
    public static final PerformanceProxy RECORDED = RUN_TIME_LESS_OVERHEAD;

    /**
     * CPU time of a piece of work during a migration relative to before: the median of 19 migrations with heartbeats in the lab (KVM, QEMU 10.0.2),
     * which are not among those that {@link ProxyTrust#MEASURED} is from.
     */
    public static final double OVERHEAD = 1.1;

    /** A guest that used less than this has no usual rate to compare with: its few interrupts vary more than its migration. */
    public static final double LEAST_CORES = 0.02;

    private static final double PERCENT = 100;

    /** The formula's value before it is bounded; NaN or infinite where it cannot be computed. */
    abstract double ratio(OutsideView view);

    /** The share that the VM kept, 0 to 1; empty where this formula has nothing to say. A VM that ran more than before counts as unharmed. */
    public OptionalDouble of(OutsideView view) {
        if (view.usualCores() < LEAST_CORES) {
            return OptionalDouble.empty();
        }
        double ratio = ratio(view);
        return Double.isFinite(ratio) ? OptionalDouble.of(Math.max(0, Math.min(1, ratio))) : OptionalDouble.empty();
    }

    private static double usualSeconds(OutsideView view) {
        return view.usualCores() * view.vcpus().seconds();
    }

    private static double unthrottled(OutsideView view) {
        double left = 0;
        double last = 0;
        for (PrecopyRound round : view.rounds()) {
            left += (round.elapsedMillis() - last) * (1 - round.throttlePercent() / PERCENT);
            last = round.elapsedMillis();
        }
        return last > 0 ? left / last : 1;
    }
}
