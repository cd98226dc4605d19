package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.predict.MigrationCase;

/**
 * The connection that pre-copy's pages travel by: how fast the link and the destination take them, and what waits in it. For QEMU a byte
 * is sent when the socket has it, so that a migration which the link bounds has megabytes waiting there when the VM is stopped, and one that
 * the source's CPU bounds has nothing.
 */
final class Connection {

    /** When so much is sent in the first round, a connection holds what the costs say. */
    private static final double REFERENCE_BYTES = 1e7;

    private final MigrationCase migration;
    private final MigrationCosts costs;
    private final PageEncoding encoding;
    private final CpuContention destination;
    private final double linkRate;
    private final double cap;

    private double receiveSecondsPerPage;
    private double mostQueued;
    private double queued;
    private double secondsPerByte;

    /**
     * One for all techniques, one after the other.
     *
     * @param encoding of the technique at hand
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
     * Begins anew, with nothing in it. Multifd's channels each have a thread of their own on the destination too, and each has a packet in the
     * making. TCP's windows open slowly: the more there is to send, the more is under way in the end.
     */
    void open() {
        double channels = encoding.isMultifd() ? migration.tuning().multifdChannels() : 0;
        double receivers = Math.max(1, channels);
        receiveSecondsPerPage = costs.receiveSecondsPerPage() / destination.granted(receivers, receivers);
        double first = encoding.firstBytes(migration.vm().nonZeroPages());
        mostQueued = costs.queueBytes() * Math.cbrt(first / REFERENCE_BYTES)
                + channels * PageEncoding.PACKET_PAGES * encoding.laterBytes(1);
        queued = 0;
        secondsPerByte = 0;
    }

    /** How long the link and the destination take for pages that are {@code wire} bytes. */
    double seconds(double pages, double wire) {
        return Math.max(wire / linkRate, pages * receiveSecondsPerPage);
    }

    /** How long it takes at least until QEMU has handed these over, which keeps to {@code max-bandwidth} and needs not wait for what fits in. */
    double handOverSeconds(double pages, double wire) {
        double perByte = wire > 0 ? seconds(pages, wire) / wire : 0;
        return Math.max(wire / cap, (queued + wire - mostQueued) * perByte);
    }

    /** QEMU has handed these over in some seconds, in which it was emptied as well. */
    void handedOver(double pages, double wire, double seconds) {
        secondsPerByte = wire > 0 ? seconds(pages, wire) / wire : secondsPerByte;
        double emptied = secondsPerByte > 0 ? seconds / secondsPerByte : wire;
        queued = Math.max(0, Math.min(mostQueued, queued + wire - emptied));
    }

    /** How long what waits in it takes to go out. */
    double queueSeconds() {
        return queued * secondsPerByte;
    }

    /** Bytes a second at which a migration goes that nothing else bounds. */
    double rate() {
        return Math.min(linkRate, cap);
    }
}
