package io.github.godwit.strategy.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * Recorded CPU use of VMs, in steps of equal length. A file is CSV, which may be compressed by gzip:
 * <pre>
 * # comments
 * step_seconds,300
 * vm,cores,memory_mib,cpu_percent
 * db,4,8192,12.5,13,,90.1
 * </pre>
 * Each VM has a line with its use in every step, in percent of its cores. An empty value means that it did not run.
 *
 * @param step how long a step is
 * @param vms  the VMs, all with the same number of steps
 */
public record LoadTrace(Duration step, List<VmLoad> vms) {

    private static final String STEP = "step_seconds,";
    private static final String COLUMNS = "vm,cores,memory_mib,cpu_percent";
    private static final int FIRST_VALUE = 3;
    private static final float MOST_PERCENT = 100;

    /** A drawn VM has so much of the load of the one that it is like. */
    private static final float LEAST_FACTOR = 0.75f;

    private static final float FACTORS = 0.5f;

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there are no VMs or no steps, if a name is there twice, or if the numbers of steps differ
     */
    public LoadTrace {
        vms = List.copyOf(vms);
        if (vms.isEmpty() || vms.get(0).steps() == 0 || step.isZero() || step.isNegative()) {
            throw new IllegalArgumentException("A trace needs at least one VM, and at least one step of some length.");
        }
        Set<String> names = new HashSet<>();
        int steps = vms.get(0).steps();
        for (VmLoad vm : vms) {
            if (!names.add(vm.name())) {
                throw new IllegalArgumentException("There are two VMs '%s' in the trace.".formatted(vm.name()));
            }
            if (vm.steps() != steps) {
                throw new IllegalArgumentException("VM '%s' has %d values, but VM '%s' has %d."
                        .formatted(vm.name(), vm.steps(), vms.get(0).name(), steps));
            }
        }
    }

    /** Returns the number of steps. */
    public int steps() {
        return vms.get(0).steps();
    }

    /** Returns the number of steps of a day. */
    public int stepsPerDay() {
        return (int) Math.max(1, Duration.ofDays(1).dividedBy(step));
    }

    /**
     * Reads a file.
     *
     * @throws IOException              if it cannot be read
     * @throws IllegalArgumentException if it has another form; the message names the line
     */
    public static LoadTrace read(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file);
                InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
                BufferedReader reader = new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
            return read(file, reader);
        }
    }

    private static LoadTrace read(Path file, BufferedReader reader) throws IOException {
        Duration step = null;
        List<VmLoad> vms = new ArrayList<>();
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            if (line.isBlank() || line.startsWith("#") || line.equals(COLUMNS)) {
                continue;
            }
            try {
                if (line.startsWith(STEP)) {
                    step = Duration.ofSeconds(
                            Long.parseLong(line.substring(STEP.length()).strip()));
                } else {
                    vms.add(vm(line));
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("%s, line %d: %s".formatted(file, number, e.getMessage()), e);
            }
        }
        if (step == null) {
            throw new IllegalArgumentException(
                    "%s has no line '%s300', which says how long a step is.".formatted(file, STEP));
        }
        try {
            return new LoadTrace(step, vms);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static VmLoad vm(String line) {
        String[] cells = line.split(",", -1);
        if (cells.length <= FIRST_VALUE) {
            throw new IllegalArgumentException("Write name, cores, MiB of memory, and a value for each step.");
        }
        float[] values = new float[cells.length - FIRST_VALUE];
        for (int i = 0; i < values.length; i++) {
            String cell = cells[FIRST_VALUE + i].strip();
            values[i] = cell.isEmpty() ? Float.NaN : Float.parseFloat(cell);
            if (values[i] < 0) {
                throw new IllegalArgumentException("The use %s must not be negative.".formatted(cell));
            }
            values[i] = Math.min(MOST_PERCENT, values[i]);
        }
        return new VmLoad(
                cells[0].strip(), Integer.parseInt(cells[1].strip()), Long.parseLong(cells[2].strip()), values);
    }

    /**
     * Returns a part of the trace.
     *
     * @param first number of the first day, from 1
     * @param days  number of days; fewer if the trace ends before
     * @throws IllegalArgumentException if it has no such day
     */
    public LoadTrace days(int first, int days) {
        int from = (first - 1) * stepsPerDay();
        int to = (int) Math.min(steps(), from + (long) days * stepsPerDay());
        if (first < 1 || days < 1 || from >= steps()) {
            throw new IllegalArgumentException("The trace has %.1f days; %d from day %d on are not in it."
                    .formatted(steps() / (double) stepsPerDay(), days, first));
        }
        return new LoadTrace(step, vms.stream().map(vm -> vm.steps(from, to)).toList());
    }

    /**
     * Draws VMs whose loads are those of this trace: each is like a random VM, on other days at the same time of day, with 75 % to 125 % of
     * its use.
     *
     * @param number how many VMs, at least 1
     * @param seed   the same seed gives the same VMs
     */
    public LoadTrace drawn(int number, long seed) {
        Random random = new Random(seed);
        int days = Math.max(1, steps() / stepsPerDay());
        List<VmLoad> drawn = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            VmLoad like = vms.get(random.nextInt(vms.size()));
            int first = random.nextInt(days) * stepsPerDay() % steps();
            float factor = LEAST_FACTOR + FACTORS * random.nextFloat();
            drawn.add(like.like("vm%04d".formatted(i + 1), first, factor));
        }
        return new LoadTrace(step, drawn);
    }

    /** Returns the mean number of cores in use, and the largest one. */
    double[] use() {
        double[] sums = new double[steps()];
        for (VmLoad vm : vms) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += vm.use(i);
            }
        }
        return new double[] {
            Arrays.stream(sums).average().orElse(0), Arrays.stream(sums).max().orElse(0)
        };
    }
}
