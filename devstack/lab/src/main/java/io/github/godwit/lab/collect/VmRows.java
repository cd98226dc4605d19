package io.github.godwit.lab.collect;

import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.technique.Technique;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** The rows of one VM of the design: each technique in each direction, once or several times, in random order. */
final class VmRows {

    /** Direction of a migration. */
    enum Direction {
        /** From the first host to the second. */
        THERE,
        /** From the second host to the first. */
        BACK
    }

    /**
     * One migration to measure.
     *
     * @param technique its technique
     * @param watched   whether it may be switched to post-copy while it runs
     * @param time      number of this repetition of the technique and direction, from 1
     */
    record Turn(Technique technique, boolean watched, int time) {}

    private final CollectionPlan plan;
    private final Collectable collectable;
    private final DesignedVm vm;
    private final RowFile file;
    private final Map<Direction, List<Turn>> missing = new EnumMap<>(Direction.class);

    VmRows(CollectionPlan plan, Collectable collectable, DesignedVm vm, RowFile file) {
        this.collectable = collectable;
        this.plan = plan;
        this.vm = vm;
        this.file = file;
        Set<Technique> techniques = EnumSet.copyOf(collectable.techniques());
        if (!vm.dirtyRing()) {
            techniques.remove(Technique.DIRTY_LIMIT);
        }
        if (!plan.techniques().isEmpty()) {
            techniques.retainAll(plan.techniques());
        }
        Random random = new Random(plan.seed() * 1_000_003 + vm.number());
        for (Direction direction : Direction.values()) {
            List<Turn> order = new ArrayList<>();
            for (int time = 1; time <= plan.times(); time++) {
                for (Technique technique : techniques) {
                    order.add(new Turn(technique, false, time));
                    if (plan.watched() && technique.traits().canFallBack()) {
                        order.add(new Turn(technique, true, time));
                    }
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

    /** The next migration of a direction, or null when none is left. */
    Turn next(Direction direction) {
        List<Turn> left = missing.get(direction);
        return left.isEmpty() ? null : left.get(0);
    }

    /** Removes a migration that was measured, or that cannot be. */
    void done(Direction direction, Turn turn) {
        missing.get(direction).remove(turn);
    }

    /**
     * Id of the rows of one VM in one direction, for example {@code q2t-vm-0001-a2}: region letter and seed, {@code t} for TCG,
     * {@code v} for libvirt, {@code u7.2} for another QEMU than the machine's own, the VM, {@code a} for there or {@code b} for back, and the repetition from the second on.
     */
    String caseId(Direction direction, Turn turn) {
        return "%c%d%s%s%s-%s-%s%s"
                .formatted(
                        plan.region().letter(),
                        plan.seed(),
                        collectable.accelerator() == Accelerator.TCG ? "t" : "",
                        plan.hypervisor() == Hypervisor.LIBVIRT ? "v" : "",
                        collectable.release().isEmpty() ? "" : "u" + collectable.release(),
                        vm.name(),
                        direction == Direction.THERE ? "a" : "b",
                        turn.time() == 1 ? "" : turn.time());
    }

    /** The migration that brings a VM to the other host without a row. */
    Turn passing() {
        return new Turn(
                plan.hypervisor() == Hypervisor.LIBVIRT ? Technique.POST_COPY_PREEMPT : Technique.POST_COPY, false, 1);
    }

    /** Id of one row. */
    String id(Direction direction, Turn turn) {
        return caseId(direction, turn) + "-" + turn.technique() + (turn.watched() ? "-watched" : "");
    }

    /** The file of the rows. */
    RowFile file() {
        return file;
    }

    /** Seed of the design. */
    long seed() {
        return plan.seed();
    }
}
