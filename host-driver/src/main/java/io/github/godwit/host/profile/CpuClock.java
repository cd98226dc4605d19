package io.github.godwit.host.profile;

import com.sun.jna.Native;
import com.sun.jna.Structure;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The CPU clock of a process in nanoseconds, including the time of ended threads. {@code /proc} has the same in hundredths of a
 * second, which is too coarse: a short migration takes only a few of them.
 */
final class CpuClock {

    private static final Logger LOG = LoggerFactory.getLogger(CpuClock.class);

    /** The kernel's CPUCLOCK_SCHED: the time that the scheduler accounts to the process. */
    private static final int SCHED = 2;

    private static final LibC LIBC = load();

    private CpuClock() {}

    /** The function of the C library that is needed. */
    private static final class LibC {
        native int clock_gettime(int clock, Timespec time);
    }

    /** {@code struct timespec} of a 64-bit machine. */
    @Structure.FieldOrder({"seconds", "nanos"})
    public static final class Timespec extends Structure {
        /** Whole seconds. */
        public long seconds;

        /** Nanoseconds in addition to them. */
        public long nanos;
    }

    private static LibC load() {
        try {
            Native.register(LibC.class, "c");
            return new LibC();
        } catch (LinkageError e) {
            LOG.warn("Cannot call the C library, measuring CPU time in hundredths of a second: {}", e.toString());
            return null;
        }
    }

    /** Whether the C library can be called on this machine. */
    static boolean available() {
        return LIBC != null;
    }

    /**
     * CPU time of a process since its start, in seconds.
     *
     * @throws IOException if the process has ended
     */
    static double seconds(long pid) throws IOException {
        Timespec time = new Timespec();
        // As the C library's clock_getcpuclockid does.
        int clock = ~Math.toIntExact(pid) << 3 | SCHED;
        if (LIBC.clock_gettime(clock, time) != 0) {
            throw new IOException("Process %d has ended.".formatted(pid));
        }
        return time.seconds + time.nanos / 1e9;
    }
}
