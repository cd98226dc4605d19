package io.github.godwit.host.net;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.model.unit.Bandwidth;

/**
 * An operator's token bucket filter at the root of a NIC, which limits what leaves it. Reservations hang below it.
 *
 * @param handle     its handle, for example {@code 8001:}
 * @param rate       what it lets through
 * @param burstBytes size of its bucket
 * @param limitBytes length of its queue
 */
record Limiter(String handle, Bandwidth rate, long burstBytes, long limitBytes) {

    /** The kernel counts a bucket in ticks of 64 ns. */
    private static final double TICK_SECONDS = 64e-9;

    private static final double ROUNDING = 1e-6;

    /** Reads {@code tc -raw -details}, which alone tells the queue in bytes and the bucket in ticks. */
    static Limiter of(Qdisc tbf) {
        JsonNode options = tbf.options();
        long bytesPerSecond = options.path("rate").asLong();
        long ticks = Long.parseLong(options.path("burst_raw").asText("0"), 16);
        // tc rounds the bucket it is told up to a whole tick, so rounding down here gives back the same tick.
        long burst = (long) Math.floor(ticks * TICK_SECONDS * bytesPerSecond + ROUNDING);
        return new Limiter(
                tbf.handle(),
                new Bandwidth(bytesPerSecond * 8),
                burst,
                options.path("limit").asLong());
    }

    /** Whether it has what {@link #restore} would not give back: a peak rate, or a link layer other than Ethernet. */
    static boolean isPlain(Qdisc tbf) {
        JsonNode options = tbf.options();
        return options.has("burst_raw")
                && options.path("limit").asLong() > 0
                && !options.has("peakrate")
                && options.path("mpu").asLong() == 0
                && options.path("overhead").asLong() == 0
                && options.path("linklayer").asText("ethernet").equals("ethernet");
    }

    /** Where a child of it hangs. */
    String child() {
        return handle + "1";
    }

    /**
     * The batch line that gives it back its own queue: when a child is deleted, the kernel leaves a tbf with a queue that
     * drops every packet, until the tbf is told its parameters again.
     */
    String restore(String device) {
        return "tc qdisc change dev %s root handle %s tbf rate %dbit burst %d limit %d"
                .formatted(device, handle, rate.bitsPerSecond(), burstBytes, limitBytes);
    }
}
