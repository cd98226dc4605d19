package io.github.godwit.host.profile;

import io.github.godwit.hostapi.Heartbeats;

/**
 * The latest heartbeats of a guest, in five bytes each. The arrays are allocated with the first heartbeat, so that a guest without
 * heartbeat needs no memory. Times are stored as the distance to the previous heartbeat, at most 35 minutes. Safe for use by
 * several threads.
 */
final class HeartbeatRing {

    /** Two minutes at 500 heartbeats per second. */
    static final int CAPACITY = 60_000;

    private final int capacity;
    private int[] sinceLastMicros;
    private byte[] counters;
    private int size;
    private int next;
    private long newestMicros;

    HeartbeatRing(int capacity) {
        this.capacity = capacity;
    }

    /** Adds heartbeats that arrived in one read, all with the same time. */
    synchronized void add(byte[] bytes, int count, long micros) {
        if (counters == null && count > 0) {
            counters = new byte[capacity];
            sinceLastMicros = new int[capacity];
        }
        for (int i = 0; i < count; i++) {
            long distance = size == 0 ? 0 : Math.max(0, micros - newestMicros);
            sinceLastMicros[next] = (int) Math.min(distance, Integer.MAX_VALUE);
            counters[next] = bytes[i];
            newestMicros = Math.max(micros, newestMicros);
            next = (next + 1) % capacity;
            size = Math.min(size + 1, capacity);
        }
    }

    /** The stored heartbeats from {@code fromMicros} to {@code toMicros}, both inclusive. */
    synchronized Heartbeats between(long fromMicros, long toMicros) {
        long count = 0;
        long first = -1;
        long last = -1;
        long longestGap = 0;
        int firstCounter = -1;
        int lastCounter = -1;
        long micros = newestMicros;
        for (int age = 0; age < size && micros >= fromMicros; age++) {
            int slot = Math.floorMod(next - 1 - age, capacity);
            if (micros <= toMicros) {
                longestGap = count == 0 ? 0 : Math.max(longestGap, first - micros);
                lastCounter = count == 0 ? counters[slot] & 0xff : lastCounter;
                last = count == 0 ? micros : last;
                first = micros;
                firstCounter = counters[slot] & 0xff;
                count++;
            }
            micros -= sinceLastMicros[slot];
        }
        return count == 0 ? Heartbeats.NONE : new Heartbeats(count, first, last, longestGap, firstCounter, lastCounter);
    }
}
