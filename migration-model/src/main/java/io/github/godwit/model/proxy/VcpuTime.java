package io.github.godwit.model.proxy;

import io.github.godwit.model.unit.Checks;

/**
 * CPU time of all vCPU threads of a VM together, as Linux accounts it ({@code /proc/PID/task/TID/schedstat} and field 43 of
 * {@code /proc/PID/task/TID/stat}, proc(5)).
 *
 * @param runSeconds   time on a CPU, in s, with the work of the host's kernel for the guest
 * @param waitSeconds  time in which a thread was ready to run and had no CPU (run delay), in s; 0 where the kernel does not count it
 * @param guestSeconds time in guest mode, in s, counted in ticks; 0 under TCG
 */
public record VcpuTime(double runSeconds, double waitSeconds, double guestSeconds) {

    /** No time. */
    public static final VcpuTime NONE = new VcpuTime(0, 0, 0);

    /**
     * @throws IllegalArgumentException when a time is negative or not finite
     */
    public VcpuTime {
        Checks.notNegative("runSeconds", runSeconds);
        Checks.notNegative("waitSeconds", waitSeconds);
        Checks.notNegative("guestSeconds", guestSeconds);
    }

    /** Both together. */
    public VcpuTime plus(VcpuTime other) {
        return new VcpuTime(
                runSeconds + other.runSeconds, waitSeconds + other.waitSeconds, guestSeconds + other.guestSeconds);
    }

    /** What was added since an earlier reading; never negative. */
    public VcpuTime since(VcpuTime earlier) {
        return new VcpuTime(
                Math.max(0, runSeconds - earlier.runSeconds),
                Math.max(0, waitSeconds - earlier.waitSeconds),
                Math.max(0, guestSeconds - earlier.guestSeconds));
    }
}
