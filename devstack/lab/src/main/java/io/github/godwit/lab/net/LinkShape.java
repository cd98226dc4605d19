package io.github.godwit.lab.net;

import io.github.godwit.model.unit.Bandwidth;
import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a link: a token bucket filter at the sender (tc-tbf). Its queue is short, so it slows the sending sockets down as
 * the queue of a NIC does.
 *
 * @param rate the link's rate
 */
record LinkShape(Bandwidth rate) {

    /** A segmentation-offload packet of 64 KiB must fit into the bucket; the kernel splits larger ones. */
    private static final long LEAST_BURST_BYTES = 128 << 10;

    /** 2 ms, which are 250 kB at 1 Gbit/s: enough to reach the rate although the kernel's timers are late. */
    private static final double BURST_SECONDS = 0.002;

    /** Longest time that a packet waits in the queue. */
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
