package io.github.godwit.host.profile;

import com.sun.jna.Native;
import com.sun.jna.Structure;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process's CPU clock, to the nanosecond, with what its ended threads took. {@code /proc} tells the same in hundredths of a
 * second, which is a third of what a short migration takes in all.
 */
final class CpuClock {

    private static final Logger LOG = LoggerFactory.getLogger(CpuClock.class);

    /** The kernel's CPUCLOCK_SCHED, the clock of the scheduler's own account. */
    private static final int SCHED = 2;

    private static final LibC LIBC = load();

    private CpuClock() {}

    /** The C library's part that is needed. */
    private static final class LibC {
        native int clock_gettime(int clock, Timespec time);
    }

    /** {@code struct timespec} where long is 64 bits wide. */
    @Structure.FieldOrder({"seconds", "nanos"})
    public static final class Timespec extends Structure {
        /** Whole seconds. */
        public long seconds;

        /** Nanoseconds on top of them. */
        public long nanos;
    }

    private static LibC load() {
        try {
            Native.register(LibC.class, "c");
            return new LibC();
        } catch (LinkageError e) {
            LOG.warn(
                    "CPU time is measured in hundredths of a second, the C library cannot be called: {}", e.toString());
            return null;
        }
    }

    /** Whether it can be read on this machine. */
    static boolean available() {
        return LIBC != null;
    }

    /**
     * CPU time of a process since its start, in seconds.
     *
     * @throws IOException when the process has ended
     */
    static double seconds(long pid) throws IOException {
        Timespec time = new Timespec();
        int clock = ~Math.toIntExact(pid) << 3 | SCHED;
        if (LIBC.clock_gettime(clock, time) != 0) {
            throw new IOException("Process %d has ended.".formatted(pid));
        }
        return time.seconds + time.nanos / 1e9;
    }
}
