package io.github.godwit.host.net;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.model.unit.Bandwidth;

/**
 * An operator's token bucket filter (tbf) at the root of a NIC. Reservations are attached as its child.
 *
 * @param handle     its handle, for example {@code 8001:}
 * @param rate       its rate
 * @param burstBytes size of its bucket, in bytes
 * @param limitBytes length of its queue, in bytes
 */
record Limiter(String handle, Bandwidth rate, long burstBytes, long limitBytes) {

    /** The kernel counts the size of a bucket in ticks of 64 ns at the filter's rate (PSCHED_SHIFT in pkt_sched.h). */
    private static final double TICK_SECONDS = 64e-9;

    private static final double ROUNDING = 1e-6;

    /** Reads the output of {@code tc -raw -details}: only that has the queue in bytes and the bucket in ticks. */
    static Limiter of(Qdisc tbf) {
        JsonNode options = tbf.options();
        long bytesPerSecond = options.path("rate").asLong();
        long ticks = Long.parseLong(options.path("burst_raw").asText("0"), 16);
        // tc rounds a bucket up to whole ticks, so rounding down here results in the same number of ticks.
        long burst = (long) Math.floor(ticks * TICK_SECONDS * bytesPerSecond + ROUNDING);
        return new Limiter(
                tbf.handle(),
                new Bandwidth(bytesPerSecond * 8),
                burst,
                options.path("limit").asLong());
    }

    /** Whether {@link #restore} can restore all of it: it has no peak rate, and the link layer is plain Ethernet. */
    static boolean isPlain(Qdisc tbf) {
        JsonNode options = tbf.options();
        return options.has("burst_raw")
                && options.path("limit").asLong() > 0
                && !options.has("peakrate")
                && options.path("mpu").asLong() == 0
                && options.path("overhead").asLong() == 0
                && options.path("linklayer").asText("ethernet").equals("ethernet");
    }

    /** The parent for a child of this filter. */
    String child() {
        return handle + "1";
    }

    /**
     * The batch line that restores the filter's own queue. When its child is deleted, the kernel gives a tbf a queue that drops
     * every packet, until its parameters are set again.
     */
    String restore(String device) {
        return "tc qdisc change dev %s root handle %s tbf rate %dbit burst %d limit %d"
                .formatted(device, handle, rate.bitsPerSecond(), burstBytes, limitBytes);
    }
}
