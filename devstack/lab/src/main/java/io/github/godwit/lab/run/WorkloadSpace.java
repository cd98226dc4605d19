package io.github.godwit.lab.run;

import io.github.godwit.lab.guest.GuestWorkload;
import io.github.godwit.lab.guest.GuestWorkload.Pattern;
import io.github.godwit.model.MemorySize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Distinct workloads spread over the space of what the guest can do: a Latin hypercube, so that every range of every
 * parameter is met equally often whatever the number of cases.
 */
public final class WorkloadSpace {

    private static final long[] MEMORY_MEBIBYTES = {128, 256, 512, 768};
    private static final double LEAST_DIRTY_MEBIBYTES = 1;
    private static final double MOST_DIRTY_MEBIBYTES = 200;

    /**
     * A VM and what its guest does.
     *
     * @param name     {@code case-} and its number
     * @param memory   guest memory
     * @param workload what its guest does
     */
    public record Case(String name, MemorySize memory, GuestWorkload workload) {}

    private WorkloadSpace() {}

    /**
     * Cases.
     *
     * @param count how many, at least 1
     * @param seed  the same seed gives the same cases
     */
    public static List<Case> cases(int count, long seed) {
        Random random = new Random(seed);
        double[][] columns = new double[7][];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = stratified(count, random);
        }
        List<Pattern> patterns = List.of(Pattern.values());
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double[] point = new double[columns.length];
            for (int j = 0; j < columns.length; j++) {
                point[j] = columns[j][i];
            }
            cases.add(caseAt("case-%02d".formatted(i + 1), point, patterns.get(i % patterns.size())));
        }
        return cases;
    }

    private static Case caseAt(String name, double[] point, Pattern pattern) {
        long memory = MEMORY_MEBIBYTES[(int) (point[0] * MEMORY_MEBIBYTES.length)];
        long touched = Math.max(16, Math.round(memory * (0.2 + 0.65 * point[1])));
        long workingSet = Math.max(4, Math.round(touched * (0.05 + 0.95 * point[2])));
        double rate = LEAST_DIRTY_MEBIBYTES * Math.pow(MOST_DIRTY_MEBIBYTES / LEAST_DIRTY_MEBIBYTES, point[3]);
        int change = (int) Math.round(8 * Math.pow(512, point[5]));
        return new Case(
                name,
                MemorySize.ofMebibytes(memory),
                new GuestWorkload(
                        MemorySize.ofMebibytes(touched),
                        MemorySize.ofMebibytes(workingSet),
                        new MemorySize(Math.round(rate * 1024) * 1024),
                        pattern,
                        0.1 + 0.9 * point[4],
                        change,
                        0.1 + 0.5 * point[6]));
    }

    /** One value in each of {@code count} equal slices of 0 to 1, in random order. */
    private static double[] stratified(int count, Random random) {
        List<Integer> slices = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        Collections.shuffle(slices, random);
        return slices.stream()
                .mapToDouble(slice -> (slice + random.nextDouble()) / count)
                .toArray();
    }
}
