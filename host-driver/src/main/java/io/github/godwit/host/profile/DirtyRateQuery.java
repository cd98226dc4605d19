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

/** Measures a dirty rate by QEMU's {@code calc-dirty-rate}, with windows in milliseconds, which QEMU has since 8.2. */
final class DirtyRateQuery {

    /** The range of {@code sample-pages} in QEMU. */
    private static final long MAX_SAMPLES_PER_GIB = 16_384;

    private static final long MIN_SAMPLES_PER_GIB = 128;

    /** Samples of the whole VM; QEMU needs some 20 ms per window to hash them. */
    private static final long SAMPLES = 16_384;

    private static final String UNIT = "calc-time-unit";
    private static final String MILLISECOND = "millisecond";

    private static final Duration POLL_INTERVAL = Duration.ofMillis(5);

    /** How long QEMU may take for the result after the window, if its monitor is quick. */
    private static final Duration MIN_GRACE = Duration.ofSeconds(2);

    private static final double PAGES_PER_MIB = (double) (1 << 20) / MemorySize.PAGE_BYTES;

    private final Monitor qmp;
    private final MemorySize memory;

    /**
     * The result of one window.
     *
     * @param windowSeconds      length of the window that QEMU measured, in seconds
     * @param mebibytesPerSecond the rate, which QEMU rounds down to whole MiB/s
     */
    record Answer(double windowSeconds, long mebibytesPerSecond) {

        /**
         * Number of unique pages that were dirtied in the window. Because QEMU rounds the rate down, half a MiB/s is added; a rate
         * below 1 MiB/s cannot be told from zero.
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
     * Measures one window and waits for the result. QEMU sends no event when it is ready, so this polls after the window, for as
     * long as the monitor's pace suggests but not beyond the deadline.
     *
     * @throws QmpException if QEMU refuses the mode for this VM ({@link QmpException#refused()}), has no such windows, or has no result in
     *                      time
     */
    Answer measure(DirtySource source, int windowMillis, Deadline deadline) throws QmpException, InterruptedException {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("calc-time", windowMillis);
        arguments.put(UNIT, MILLISECOND);
        arguments.put("mode", source.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        if (source == DirtySource.PAGE_SAMPLING) {
            arguments.put("sample-pages", samplesPerGib());
        }
        begin(arguments, deadline);
        Duration grace = deadline.within(qmp.pace().atLeast(MIN_GRACE).plusMillis(windowMillis));
        Deadline answer = Deadline.after(grace);
        Thread.sleep(windowMillis);
        while (answer.allows(POLL_INTERVAL)) {
            JsonNode result = qmp.execute(
                    "query-dirty-rate",
                    Map.of(UNIT, MILLISECOND),
                    answer.within(qmp.pace().deadline()));
            if (result.path("status").asText().equals("measured")) {
                return new Answer(
                        result.path("calc-time").asInt(windowMillis) / 1000.0,
                        Math.max(0, result.path("dirty-rate").asLong()));
            }
            Thread.sleep(POLL_INTERVAL.toMillis());
        }
        throw new QmpException(
                "QEMU has no result for a dirty rate over %d ms after %d ms. The host may be overloaded."
                        .formatted(windowMillis, grace.toMillis()),
                false,
                null);
    }

    private void begin(Map<String, ?> arguments, Deadline deadline) throws QmpException {
        try {
            qmp.execute("calc-dirty-rate", arguments, deadline.within(qmp.pace().deadline()));
        } catch (QmpException e) {
            if (e.refused() && e.getMessage().contains(UNIT)) {
                // No other mode helps.
                throw new QmpException(
                        "This QEMU measures dirty rates over whole seconds only, as all before 8.2.",
                        /* refused= */ false,
                        e);
            }
            throw e;
        }
    }

    /** How long the measurement of several windows takes at this monitor's pace, without repetitions. */
    static Duration expected(Monitor qmp, int... windowsMillis) {
        Duration sum = Duration.ZERO;
        for (int window : windowsMillis) {
            sum = sum.plusMillis(window).plus(qmp.pace().slowest().multipliedBy(2));
        }
        return sum;
    }

    private long samplesPerGib() {
        double gib = memory.mebibytes() / 1024;
        return Math.max(MIN_SAMPLES_PER_GIB, Math.min(MAX_SAMPLES_PER_GIB, Math.round(SAMPLES / gib)));
    }
}
