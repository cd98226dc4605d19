package io.github.godwit.strategy.replay;

import java.util.Arrays;

/** The recorded CPU use of one VM. A step without a value means that the VM did not run. */
public final class VmLoad {

    private static final float PERCENT = 100;

    private final String name;
    private final int cores;
    private final long memoryMib;
    private final float[] percent;

    /**
     * @param name      its name
     * @param cores     its virtual CPUs, at least 1
     * @param memoryMib its memory, in MiB, at least 1
     * @param percent   its use in each step, in percent of its virtual CPUs; NaN where it did not run. Not copied
     * @throws IllegalArgumentException if a value is out of its range
     */
    VmLoad(String name, int cores, long memoryMib, float[] percent) {
        if (name.isBlank() || cores < 1 || memoryMib < 1) {
            throw new IllegalArgumentException("VM '%s' needs a name, at least one core (%d) and 1 MiB of memory (%d)."
                    .formatted(name, cores, memoryMib));
        }
        this.name = name;
        this.cores = cores;
        this.memoryMib = memoryMib;
        this.percent = percent;
    }

    /** Returns its name. */
    String name() {
        return name;
    }

    /** Returns the number of its virtual CPUs. */
    int cores() {
        return cores;
    }

    /** Returns its memory, in MiB. */
    long memoryMib() {
        return memoryMib;
    }

    /** Returns the number of steps. */
    int steps() {
        return percent.length;
    }

    /** Returns whether it runs in a step. */
    boolean runs(int step) {
        return !Float.isNaN(percent[step]);
    }

    /** Returns the cores that it uses in a step; 0 if it does not run. */
    double use(int step) {
        return runs(step) ? cores * percent[step] / PERCENT : 0;
    }

    /** Returns a part of the steps. */
    VmLoad steps(int from, int to) {
        return new VmLoad(name, cores, memoryMib, Arrays.copyOfRange(percent, from, to));
    }

    /**
     * Returns another VM whose load is this one's, begun at another step and multiplied.
     *
     * @param otherName its name
     * @param first     the step with which it begins; what comes before follows at the end
     * @param factor    by which the use is multiplied; it stays within the virtual CPUs
     */
    VmLoad like(String otherName, int first, float factor) {
        float[] values = new float[percent.length];
        for (int step = 0; step < values.length; step++) {
            values[step] = Math.min(PERCENT, factor * percent[(first + step) % percent.length]);
        }
        return new VmLoad(otherName, cores, memoryMib, values);
    }
}
