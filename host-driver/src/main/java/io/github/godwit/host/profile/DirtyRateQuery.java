package io.github.godwit.host.profile;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.model.profile.VmProfile.DirtySource;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** QEMU's {@code calc-dirty-rate} with one window in milliseconds (QEMU 8.2 or later). */
final class DirtyRateQuery {

    /** QEMU takes this many samples a GiB at most, and this many at least. */
    private static final long MOST_SAMPLES_PER_GIB = 16_384;

    private static final long FEWEST_SAMPLES_PER_GIB = 128;

    /** Samples of a whole VM: hashing them takes QEMU some 20 ms for each window. */
    private static final long SAMPLES = 16_384;

    private static final Duration BETWEEN_POLLS = Duration.ofMillis(5);

    /** How long QEMU may take for its answer beyond the window, where its monitor is quick. */
    private static final Duration LEAST_GRACE = Duration.ofSeconds(2);

    private static final double PAGES_PER_MIB = (double) (1 << 20) / MemorySize.PAGE_BYTES;

    private final Monitor qmp;
    private final MemorySize memory;

    /**
     * What QEMU answered.
     *
     * @param windowSeconds      the window as QEMU kept it
     * @param mebibytesPerSecond rate, cut to whole MiB/s
     */
    record Answer(double windowSeconds, long mebibytesPerSecond) {

        /**
         * Unique pages within the window. QEMU cuts the rate to whole MiB/s, so that on average half of one is missing;
         * below 1 MiB/s nothing can be told.
         */
        double pages() {
            return mebibytesPerSecond == 0 ? 0 : (mebibytesPerSecond + 0.5) * PAGES_PER_MIB * windowSeconds;
        }
    }

    DirtyRateQuery(Monitor qmp, MemorySize memory) {
        this.qmp = qmp;
        this.memory = memory;
    }

    /**
     * Measures through one window and waits for the answer. QEMU sends no event when it has it, so this asks again and
     * again once the window is over, for as long as the monitor's pace lets expect it, and not beyond the deadline.
     *
     * @throws QmpException refused when QEMU does not take the mode for this VM; else where it gave no answer in time
     */
    Answer measure(DirtySource source, int windowMillis, Deadline deadline) throws QmpException, InterruptedException {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("calc-time", windowMillis);
        arguments.put("calc-time-unit", "millisecond");
        arguments.put("mode", source.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        if (source == DirtySource.PAGE_SAMPLING) {
            arguments.put("sample-pages", samplesPerGib());
        }
        qmp.execute("calc-dirty-rate", arguments, deadline.within(qmp.pace().deadline()));
        Duration grace = deadline.within(qmp.pace().atLeast(LEAST_GRACE).plusMillis(windowMillis));
        Deadline answer = Deadline.after(grace);
        Thread.sleep(windowMillis);
        while (answer.allows(BETWEEN_POLLS)) {
            JsonNode told = qmp.execute(
                    "query-dirty-rate",
                    Map.of("calc-time-unit", "millisecond"),
                    answer.within(qmp.pace().deadline()));
            if (told.path("status").asText().equals("measured")) {
                return new Answer(
                        told.path("calc-time").asInt(windowMillis) / 1000.0,
                        Math.max(0, told.path("dirty-rate").asLong()));
            }
            Thread.sleep(BETWEEN_POLLS.toMillis());
        }
        throw new QmpException(
                "QEMU measured the dirty rate for %d ms and had no answer after %d ms. The host may be overloaded."
                        .formatted(windowMillis, grace.toMillis()),
                false,
                null);
    }

    /** How long a measurement through some windows takes at this monitor's pace, if all goes well. */
    static Duration expected(Monitor qmp, int... windowsMillis) {
        Duration sum = Duration.ZERO;
        for (int window : windowsMillis) {
            sum = sum.plusMillis(window).plus(qmp.pace().slowest().multipliedBy(2));
        }
        return sum;
    }

    private long samplesPerGib() {
        double gib = memory.mebibytes() / 1024;
        return Math.max(FEWEST_SAMPLES_PER_GIB, Math.min(MOST_SAMPLES_PER_GIB, Math.round(SAMPLES / gib)));
    }
}
