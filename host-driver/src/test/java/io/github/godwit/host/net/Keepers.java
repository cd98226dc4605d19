package io.github.godwit.host.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The keeper processes of leases. */
public final class Keepers {

    private Keepers() {}

    /** The keepers that a host driver started. */
    static List<ProcessHandle> of(ProcessHandle hostDriver) {
        return hostDriver
                .children()
                .filter(child -> child.info().commandLine().orElse("").contains("lease.sh keep"))
                .toList();
    }

    /** Whether all of them end within the limit; zombies count as ended, because a stopped host driver cannot reap them. */
    static boolean ended(List<ProcessHandle> keepers, Duration limit) {
        return becomesTrue(() -> keepers.stream().allMatch(Keepers::isGone), limit);
    }

    /** Whether a condition becomes true within the limit. */
    public static boolean becomesTrue(BooleanSupplier condition, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        return true;
    }

    private static boolean isGone(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"))
                    .contains(") Z ");
        } catch (IOException e) {
            return true;
        }
    }
}
