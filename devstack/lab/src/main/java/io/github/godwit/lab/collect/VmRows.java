package io.github.godwit.lab.collect;

import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.technique.Technique;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** The rows that one VM of the design shall give: each technique on each way, once or several times, in an order of its own. */
final class VmRows {

    /** Which way the VM goes. */
    enum Direction {
        /** From the first host to the second. */
        THERE,
        /** And from the second to the first. */
        BACK
    }

    /**
     * One migration of a way.
     *
     * @param technique how
     * @param time      the how manieth by this technique on this way, from 1
     */
    record Turn(Technique technique, int time) {}

    /** What every QEMU of the lab can run; dirty-limit needs a ring. */
    private static final Set<Technique> COLLECTED = EnumSet.of(
            Technique.PRE_COPY,
            Technique.POST_COPY,
            Technique.PRE_POST_COPY,
            Technique.AUTO_CONVERGE,
            Technique.XBZRLE,
            Technique.ZSTD,
            Technique.ZLIB,
            Technique.MULTIFD,
            Technique.POST_COPY_PREEMPT);

    private final DesignRegion region;
    private final long seed;
    private final Accelerator accelerator;
    private final DesignedVm vm;
    private final RowFile file;
    private final Map<Direction, List<Turn>> missing = new EnumMap<>(Direction.class);

    VmRows(DesignRegion region, long seed, int times, Accelerator accelerator, DesignedVm vm, RowFile file) {
        this.accelerator = accelerator;
        this.region = region;
        this.seed = seed;
        this.vm = vm;
        this.file = file;
        Set<Technique> techniques = EnumSet.copyOf(COLLECTED);
        if (vm.dirtyRing() && accelerator == Accelerator.KVM) {
            techniques.add(Technique.DIRTY_LIMIT);
        }
        Random random = new Random(seed * 1_000_003 + vm.number());
        for (Direction direction : Direction.values()) {
            List<Turn> order = new ArrayList<>();
            for (int time = 1; time <= times; time++) {
                for (Technique technique : techniques) {
                    order.add(new Turn(technique, time));
                }
            }
            Collections.shuffle(order, random);
            order.removeIf(turn -> file.contains(id(direction, turn)));
            missing.put(direction, order);
        }
    }

    /** Whether nothing is left to measure. */
    boolean complete() {
        return missing.values().stream().allMatch(List::isEmpty);
    }

    /** The next migration of a way, or null when all of them are there. */
    Turn next(Direction direction) {
        List<Turn> left = missing.get(direction);
        return left.isEmpty() ? null : left.get(0);
    }

    /** The migration was measured, or cannot be. */
    void done(Direction direction, Turn turn) {
        missing.get(direction).remove(turn);
    }

    /** Names the rows of one VM on one way: a for there, b for back; a2 for there, the second time; t behind the seed for TCG. */
    String caseId(Direction direction, Turn turn) {
        return "%c%d%s-%s-%s%s"
                .formatted(
                        region.letter(),
                        seed,
                        accelerator == Accelerator.TCG ? "t" : "",
                        vm.name(),
                        direction == Direction.THERE ? "a" : "b",
                        turn.time() == 1 ? "" : turn.time());
    }

    /** Names one row. */
    String id(Direction direction, Turn turn) {
        return caseId(direction, turn) + "-" + turn.technique();
    }

    /** Where the rows go. */
    RowFile file() {
        return file;
    }

    /** Seed of the design. */
    long seed() {
        return seed;
    }
}
