package io.github.godwit.host.profile;

/**
 * CPU time that a process or a thread had taken at a moment.
 *
 * @param cpuSeconds user and system time since its start; the kernel counts hundredths
 * @param nanos      the moment, by {@link System#nanoTime()}
 */
public record CpuSample(double cpuSeconds, long nanos) {

    /**
     * CPU time a second between an earlier sample and this one, in cores.
     *
     * @throws IllegalArgumentException when {@code before} is not earlier
     */
    public double coresSince(CpuSample before) {
        if (nanos - before.nanos() <= 0) {
            throw new IllegalArgumentException(
                    "A CPU rate needs two samples, the earlier one first; these are %d ns apart."
                            .formatted(nanos - before.nanos()));
        }
        return Math.max(0, cpuSeconds - before.cpuSeconds()) / ((nanos - before.nanos()) / 1e9);
    }

    /** Time since an earlier sample, in ns. */
    long nanosSince(CpuSample before) {
        return nanos - before.nanos();
    }
}
