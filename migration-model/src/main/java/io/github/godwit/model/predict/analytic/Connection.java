package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.predict.MigrationCase;

/**
 * The connection that carries the pages of pre-copy: how fast the link and the destination accept them, and how much
 * data it buffers. QEMU counts a byte as sent when the socket has accepted it. If the link is the bottleneck, megabytes
 * wait in the socket when the VM is stopped; if the source's CPU is the bottleneck, nothing waits.
 */
final class Connection {

    /** Size of the first round, in bytes, at which the connection buffers {@link MigrationCosts#queueBytes()}. */
    private static final double REFERENCE_BYTES = 1e7;

    private final MigrationCase migration;
    private final MigrationCosts costs;
    private final PageEncoding encoding;
    private final CpuContention destination;
    private final double linkRate;
    private final double cap;

    private double receiveSecondsPerPage;
    private double maxQueued;
    private double queued;
    private double secondsPerByte;

    /**
     * Creates a connection that all techniques use, one after the other.
     *
     * @param encoding the encoding of the current technique
     */
    Connection(MigrationCase migration, MigrationCosts costs, PageEncoding encoding) {
        this.migration = migration;
        this.costs = costs;
        this.encoding = encoding;
        this.destination = CpuContention.onDestination(migration, costs);
        this.linkRate = migration.link().expected().bytesPerSecond() * costs.wireEfficiency();
        this.cap = migration.tuning().maxBandwidth().bytesPerSecond();
    }

    /**
     * Opens the connection anew, with empty buffers. Each multifd channel has its own thread on the destination as
     * well, and one incomplete packet. TCP windows open slowly: the more is sent, the more is in flight in the end.
     */
    void open() {
        double channels = encoding.isMultifd() ? migration.tuning().multifdChannels() : 0;
        double receivers = Math.max(1, channels);
        receiveSecondsPerPage = costs.receiveSecondsPerPage() / destination.granted(receivers, receivers);
        double first = encoding.firstBytes(migration.vm().nonZeroPages());
        maxQueued = costs.queueBytes() * Math.cbrt(first / REFERENCE_BYTES)
                + channels * PageEncoding.PACKET_PAGES * encoding.laterBytes(1);
        queued = 0;
        secondsPerByte = 0;
    }

    /** Seconds that the link and the destination need for pages of {@code wire} bytes in total. */
    double seconds(double pages, double wire) {
        return Math.max(wire / linkRate, pages * receiveSecondsPerPage);
    }

    /** Least time, in seconds, in which QEMU can hand these pages to the socket, given {@code max-bandwidth} and the free buffer. */
    double handOverSeconds(double pages, double wire) {
        double perByte = wire > 0 ? seconds(pages, wire) / wire : 0;
        return Math.max(wire / cap, (queued + wire - maxQueued) * perByte);
    }

    /** Records that QEMU has handed these pages to the socket within some seconds, while the buffer was also drained. */
    void handedOver(double pages, double wire, double seconds) {
        secondsPerByte = wire > 0 ? seconds(pages, wire) / wire : secondsPerByte;
        double drained = secondsPerByte > 0 ? seconds / secondsPerByte : wire;
        queued = Math.max(0, Math.min(maxQueued, queued + wire - drained));
    }

    /** Seconds until the buffered data has left. */
    double queueSeconds() {
        return queued * secondsPerByte;
    }

    /** Bytes per second of a migration that only the link and {@code max-bandwidth} limit. */
    double rate() {
        return Math.min(linkRate, cap);
    }
}
