package io.github.godwit.host.profile;

/**
 * The CPU time of a process or of some of its threads at one time.
 *
 * @param cpuSeconds user and system time since its start, in seconds
 * @param nanos      when it was read, by {@link System#nanoTime()}
 */
public record CpuSample(double cpuSeconds, long nanos) {

    /**
     * CPU use between an earlier sample and this one, in cores.
     *
     * @throws IllegalArgumentException if {@code before} is not earlier than this sample
     */
    public double coresSince(CpuSample before) {
        if (nanos - before.nanos() <= 0) {
            throw new IllegalArgumentException(
                    "CPU use needs an earlier sample to compare with, but the given one is %d ns before this one."
                            .formatted(nanos - before.nanos()));
        }
        return Math.max(0, cpuSeconds - before.cpuSeconds()) / ((nanos - before.nanos()) / 1e9);
    }

    /** Time since an earlier sample, in nanoseconds. */
    long nanosSince(CpuSample before) {
        return nanos - before.nanos();
    }
}
