package io.github.godwit.lab.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Waits until nothing else uses the CPU, so that what is measured is the migration. */
final class QuietMachine {

    private static final Path STAT = Path.of("/proc/stat");
    private static final double QUIET_CORES = 0.25;

    /** Load is a rate: it needs a stretch of time to be seen in. */
    private static final Duration LOOK = Duration.ofMillis(400);

    private QuietMachine() {}

    /**
     * Waits.
     *
     * @return whether the machine became quiet in time
     */
    static boolean await(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        do {
            if (busyCores() < QUIET_CORES) {
                return true;
            }
        } while (System.nanoTime() < deadline);
        return false;
    }

    private static double busyCores() throws InterruptedException {
        long[] before = ticks();
        TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        long[] after = ticks();
        double all = after[0] - before[0];
        double idle = after[1] - before[1];
        return all == 0 ? 0 : Runtime.getRuntime().availableProcessors() * (1 - idle / all);
    }

    /** All ticks, and the idle ones with those that wait for I/O. */
    private static long[] ticks() {
        try {
            long[] fields = Arrays.stream(Files.readAllLines(STAT).get(0).trim().split("\\s+", -1))
                    .skip(1)
                    .limit(8)
                    .mapToLong(Long::parseLong)
                    .toArray();
            return new long[] {Arrays.stream(fields).sum(), fields[3] + fields[4]};
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
