package io.github.godwit.strategy.service;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** Samples in OpenMetrics' text format from twelve minutes ago to ten minutes from now, every 15 s. */
final class OpenMetrics {

    private static final int STEP_SECONDS = 15;
    private static final long MIB = 1 << 20;

    private final Map<String, StringBuilder> families = new LinkedHashMap<>();
    private final long now = Instant.now().getEpochSecond();
    private final long from = now - Duration.ofMinutes(12).toSeconds();
    private final long to = now + Duration.ofMinutes(10).toSeconds();

    /** Adds a gauge of a constant value; {@code labels} as in {@code a="b",c="d"}. */
    OpenMetrics gauge(String name, String labels, double value) {
        return gauge(name, labels, (DoubleUnaryOperator) at -> value);
    }

    /** Adds a gauge by its value at a number of seconds from now, before now negative. */
    OpenMetrics gauge(String name, String labels, DoubleUnaryOperator value) {
        return samples(name + " gauge", name, labels, value);
    }

    /** Adds a counter that grows by so much a second. */
    OpenMetrics counter(String name, String labels, double perSecond) {
        return counter(name, labels, (DoubleUnaryOperator) at -> perSecond * (at + now - from));
    }

    /** Adds a counter by its value at a number of seconds from now, before now negative; NaN is no sample. */
    OpenMetrics counter(String name, String labels, DoubleUnaryOperator value) {
        return samples(name + " counter", name + "_total", labels, value);
    }

    private OpenMetrics samples(String family, String name, String labels, DoubleUnaryOperator value) {
        StringBuilder text = families.computeIfAbsent(family, key -> new StringBuilder());
        boolean counter = family.endsWith(" counter");
        for (long at = from; at < to; at += STEP_SECONDS) {
            double then = value.applyAsDouble(at - now);
            if (!counter || !Double.isNaN(then)) {
                text.append("%s{%s} %s %d\n"
                        .formatted(name, labels, String.valueOf(then).replace("Infinity", "Inf"), at));
            }
        }
        return this;
    }

    /** Adds node_exporter's series of a host with two cores and 8 GiB, a quarter of them free. */
    OpenMetrics node(String target, String nodename, double busy) {
        return uname(target, nodename)
                .cpu(target, busy)
                .gauge("node_memory_MemAvailable_bytes", target, 2048 * MIB)
                .gauge("node_memory_MemTotal_bytes", target, 8192 * MIB)
                .counter("node_network_receive_bytes", target + ",device=\"eth0\"", 1e6)
                .counter("node_network_transmit_bytes", target + ",device=\"eth0\"", 2e6);
    }

    OpenMetrics uname(String target, String nodename) {
        return gauge(
                "node_uname_info",
                "%s,nodename=\"%s\",release=\"6.1\",sysname=\"Linux\"".formatted(target, nodename),
                1);
    }

    private OpenMetrics cpu(String target, double busy) {
        for (int cpu = 0; cpu < 2; cpu++) {
            String core = "%s,cpu=\"%d\"".formatted(target, cpu);
            counter("node_cpu_seconds", core + ",mode=\"idle\"", (1 - busy) / 2);
            counter("node_cpu_seconds", core + ",mode=\"iowait\"", (1 - busy) / 2);
            counter("node_cpu_seconds", core + ",mode=\"user\"", busy);
        }
        return this;
    }

    /** Returns the text. */
    String text() {
        StringBuilder text = new StringBuilder();
        families.forEach((family, samples) ->
                text.append("# TYPE ").append(family).append('\n').append(samples));
        return text.append("# EOF\n").toString();
    }
}
