package io.github.godwit.lab.linux;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What a Linux guest does, and what its client outside measures. */
public enum LinuxWorkload {
    /** An iperf3 server that sends to its client. */
    IPERF_OUT("iperf-out", "iperf", "Mbit/s"),
    /** An iperf3 server that receives from its client. */
    IPERF_IN("iperf-in", "iperf", "Mbit/s"),
    /** A Redis server without persistence. */
    REDIS("redis", "redis", "operations/s"),
    /** An nginx that serves a page of 4 KB. */
    NGINX("nginx", "nginx", "requests/s"),
    /** Compresses generated files in memory, without network traffic. */
    BUILD("build", "build", "rounds/s");

    private final String id;
    private final String program;
    private final String unit;

    LinuxWorkload(String id, String program, String unit) {
        this.id = id;
        this.program = program;
        this.unit = unit;
    }

    /** Its name for users. */
    public String id() {
        return id;
    }

    /** The program that its initial RAM disk contains, as {@code bin/linux-guest} calls it. */
    public String program() {
        return program;
    }

    /** Unit of the rate that its client measures. */
    public String unit() {
        return unit;
    }

    /**
     * The workload with this name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static LinuxWorkload parse(String id) {
        return Arrays.stream(values())
                .filter(workload -> workload.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no workload '%s'. Choose one of %s."
                        .formatted(
                                id,
                                Arrays.stream(values()).map(LinuxWorkload::id).collect(Collectors.joining(", ")))));
    }

    @Override
    public String toString() {
        return id;
    }
}
