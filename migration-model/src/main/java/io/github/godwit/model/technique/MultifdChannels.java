package io.github.godwit.model.technique;

import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.unit.Bandwidth;

/**
 * How many connections a technique over multifd uses where the operator gives no number. Each has a thread on both hosts: more of them
 * than idle cores take turns. More than fill the link take a larger part of it from the connections of the VMs, since TCP shares a link
 * by connection. Pure.
 */
final class MultifdChannels {

    /** QEMU's default, also where a host has no idle core. */
    static final int FEWEST = MigrationTuning.DEFAULT.multifdChannels();

    static final int MOST = 16;

    /**
     * What a connection puts on the wire that compresses by zlib, the slowest way: half of each page of 4 KiB, for which a core of the lab needs
     * 52 µs.
     */
    private static final double BITS_PER_SECOND = 300e6;

    private MultifdChannels() {}

    /**
     * The number of connections.
     *
     * @param source      the source; its CPU load includes the VM
     * @param destination the destination
     * @param link        rate of the link between them
     * @param room        bytes that the source has for migrations
     */
    static int between(HostProfile source, HostProfile destination, Bandwidth link, long room) {
        double idle = Math.min(idleCores(source), idleCores(destination));
        double filling = Math.ceil(link.bitsPerSecond() / BITS_PER_SECOND);
        double fitting = (double) room / MigrationMemory.MOST_BYTES_PER_CHANNEL;
        int channels = (int) Math.min(Math.min(idle, filling), fitting);
        return Math.max(FEWEST, Math.min(MOST, channels));
    }

    private static double idleCores(HostProfile host) {
        return host.cores() * (1 - host.cpuLoad());
    }
}
