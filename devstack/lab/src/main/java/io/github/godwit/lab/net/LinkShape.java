package io.github.godwit.lab.net;

import io.github.godwit.model.unit.Bandwidth;
import java.util.ArrayList;
import java.util.List;

/**
 * How a link gets its speed: a token bucket at the sender, whose short queue pushes back on the sending sockets as a NIC's
 * own queue does.
 *
 * @param rate the link's speed
 */
record LinkShape(Bandwidth rate) {

    /** A segmentation-offload packet of 64 KiB must fit in the bucket, else the kernel cuts it up. */
    private static final long LEAST_BURST_BYTES = 128 << 10;

    /** At 1 Gbit/s 256 KB: enough to keep the rate though the kernel's timers are late. */
    private static final double BURST_SECONDS = 0.002;

    /** The longest that a packet waits in the queue. */
    private static final String LATENCY = "25ms";

    /** The command that shapes an interface in a namespace. */
    List<String> command(String namespace, String device) {
        long burst = Math.max(LEAST_BURST_BYTES, Math.round(rate.bytesPerSecond() * BURST_SECONDS));
        List<String> command = new ArrayList<>(List.of("tc", "-n", namespace, "qdisc", "add", "dev", device, "root"));
        command.addAll(List.of("handle", "1:", "tbf", "rate", rate.toString()));
        command.addAll(List.of("burst", Long.toString(burst), "latency", LATENCY));
        return List.copyOf(command);
    }
}
