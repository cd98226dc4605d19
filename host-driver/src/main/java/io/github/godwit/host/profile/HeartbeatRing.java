package io.github.godwit.host.profile;

import io.github.godwit.hostapi.Heartbeats;

/**
 * The latest heartbeats of a guest: five bytes each, in arrays that appear with the first one, so that a guest without
 * heartbeat costs nothing. Time is kept as the distance to the heartbeat before, at most 35 minutes. Safe for use by
 * several threads.
 */
final class HeartbeatRing {

    /** Two minutes at 500 a second. */
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

    /** Adds heartbeats that arrived at the same moment, as far as anyone can tell. */
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

    /** Those from {@code fromMicros} to {@code toMicros}, both included, of those still kept. */
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
