package io.github.godwit.host.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The keepers that an agent started. */
final class Keepers {

    private Keepers() {}

    static List<ProcessHandle> of(ProcessHandle agent) {
        return agent.children()
                .filter(child -> child.info().commandLine().orElse("").contains("lease.sh keep"))
                .toList();
    }

    /** Whether all of them ended within the limit; a stopped agent cannot reap them, so zombies count as ended. */
    static boolean ended(List<ProcessHandle> keepers, Duration limit) {
        return comesTrue(() -> keepers.stream().allMatch(Keepers::isGone), limit);
    }

    static boolean comesTrue(BooleanSupplier condition, Duration limit) {
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
