package io.github.godwit.lab.net;

import io.github.godwit.lab.LabName;
import io.github.godwit.model.unit.Bandwidth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a link: a token bucket filter at the sender (tc-tbf). Its queue is short, so it slows the sending sockets down as
 * the queue of a NIC does.
 *
 * @param rate  the link's rate
 * @param queue longest time that a packet waits in the queue, at least 1 ms
 */
public record LinkShape(Bandwidth rate, Duration queue) {

    /** The usual queue. */
    private static final Duration USUAL = Duration.ofMillis(25);

    /**
     * Where guests send as fast as they can. In a longer queue, packets of guests would starve a migration, whose socket may have only a
     * millisecond's worth of packets queued (Linux' TCP small queues) while those of a guest have no such limit.
     */
    private static final Duration SHORT = Duration.ofMillis(5);

    /** A segmentation-offload packet of 64 KiB must fit into the bucket; the kernel splits larger ones. */
    private static final long LEAST_BURST_BYTES = 128 << 10;

    /** 2 ms, which are 250 kB at 1 Gbit/s: enough to reach the rate although the kernel's timers are late. */
    private static final double BURST_SECONDS = 0.002;

    /** A link with the usual queue. */
    public static LinkShape of(Bandwidth rate) {
        return new LinkShape(rate, USUAL);
    }

    /** A link with a queue as short as that of a NIC, for guests that send as fast as they can. */
    public static LinkShape withShortQueue(Bandwidth rate) {
        return new LinkShape(rate, SHORT);
    }

    /** The command that shapes an interface in a namespace. */
    List<String> command(String namespace, String device) {
        return command("add", namespace, device);
    }

    /** The command that gives the inbound traffic of a host or an intermediary of a lab another shape. */
    public List<String> inbound(LabName lab, String machine) {
        return command("replace", lab.wire(), machine);
    }

    private List<String> command(String verb, String namespace, String device) {
        long burst = Math.max(LEAST_BURST_BYTES, Math.round(rate.bytesPerSecond() * BURST_SECONDS));
        List<String> command = new ArrayList<>(List.of("tc", "-n", namespace, "qdisc", verb, "dev", device, "root"));
        command.addAll(List.of("handle", "1:", "tbf", "rate", rate.toString()));
        command.addAll(List.of("burst", Long.toString(burst), "latency", queue.toMillis() + "ms"));
        return List.copyOf(command);
    }
}
