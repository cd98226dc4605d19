package io.github.godwit.model.schedule.solve;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Who held each single place of a host's limit or anti-affinity group last. A migration that takes a place waits for that one: if all keep
 * to it, the limit holds however long each of them takes.
 */
final class SlotHolders {

    private static final int NOBODY = -1;

    private final List<List<Place>> places = new ArrayList<>();
    private int time;

    private static final class Place {
        private int last = NOBODY;
        private int freeSince;
        private boolean held;
    }

    SlotHolders(Instance instance) {
        for (int slot = 0; slot < instance.slots.count(); slot++) {
            List<Place> all = new ArrayList<>();
            for (int i = 0; i < instance.slots.most(slot); i++) {
                all.add(new Place());
            }
            places.add(all);
        }
    }

    /** Takes one place of each slot, the one that is free for the longest time, and adds who held it last. */
    void take(int[] slots, int job, BitSet after) {
        for (int slot : slots) {
            Place longest = null;
            for (Place place : places.get(slot)) {
                if (!place.held && (longest == null || place.freeSince < longest.freeSince)) {
                    longest = place;
                }
            }
            if (longest == null) {
                // more migrations run already than the limit admits: nothing to wait for
                continue;
            }
            if (longest.last != NOBODY) {
                after.set(longest.last);
            }
            longest.last = job;
            longest.held = true;
        }
    }

    /** Gives the places back. */
    void release(int[] slots, int job) {
        time++;
        for (int slot : slots) {
            for (Place place : places.get(slot)) {
                if (place.held && place.last == job) {
                    place.held = false;
                    place.freeSince = time;
                }
            }
        }
    }
}
