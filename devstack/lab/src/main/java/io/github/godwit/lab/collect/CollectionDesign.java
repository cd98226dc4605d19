package io.github.godwit.lab.collect;

import io.github.godwit.lab.collect.DesignedVm.HostActivity;
import io.github.godwit.lab.collect.DesignedVm.Leg;
import io.github.godwit.lab.guest.GuestWorkload;
import io.github.godwit.lab.guest.LabVms;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.random.SobolSequenceGenerator;

/**
 * The design of a collection: VMs, workloads, links and loads spread evenly over what the lab can do, by a Sobol sequence that
 * the seed shifts. The sequence has no end and needs no total, so a collection that is continued later fills the gaps between
 * the rows of the first.
 */
final class CollectionDesign {

    /** VMs that share one link rate. The lab is created anew for the next rate. */
    static final int VMS_PER_LINK = 4;

    /** Above this rate the machine's cores are the bottleneck, not the link. */
    private static final double MOST_BYTES_PER_SECOND = 300e6;

    private static final Range DIRTY_MEBIBYTES = new Range(0.05, 160);
    private static final Range ACTIVE_CPU = new Range(0.1, 0.7);
    private static final Range ACTIVE_TRAFFIC = new Range(0.1, 0.6);
    private static final double MOST_TRAFFIC_MEGABITS = 600;
    private static final double SHARE_WITH_RING = 0.25;
    private static final int MEBIBYTE = 1 << 20;

    /** Coordinates of a VM: five for itself, four for each direction, three for each host. */
    private static final int VM_COORDINATES = 5;

    private static final int LEG_COORDINATES = 4;
    private static final int HOST_COORDINATES = 3;
    private static final int COORDINATES = VM_COORDINATES + 2 * LEG_COORDINATES + 2 * HOST_COORDINATES;

    private final DesignRegion region;
    private final double[] shift;
    private final double linkShift;

    /** The design of this seed in this region. */
    CollectionDesign(DesignRegion region, long seed) {
        this.region = region;
        Random random = new Random(seed);
        shift = random.doubles(COORDINATES).toArray();
        linkShift = random.nextDouble();
    }

    /** The VM with this number, counted from 0. */
    DesignedVm vm(int number) {
        List<WorkloadFamily> families = region.families();
        double[] point = point(number);
        WorkloadFamily family = families.get(number % families.size());
        Bandwidth link = link(number / VMS_PER_LINK);
        double bytesPerSecond = Math.min(MOST_BYTES_PER_SECOND, link.bytesPerSecond());
        double content = region.firstRoundSeconds().logarithmicAt(point[0]) * bytesPerSecond / MEBIBYTE;
        Range contents = region.contentMebibytes();
        Range memories = region.memoryMebibytes();
        long touched = Math.round(Math.max(contents.low(), Math.min(contents.high(), content)));
        double least = Math.max(memories.low(), touched + LabVms.GUEST_OWN.mebibytes() + touched * 0.02);
        long memory = Math.round(new Range(least, memories.high()).logarithmicAt(point[1]));
        Shape shape = new Shape(
                region, family, touched, bytesPerSecond, family.entropy().at(point[2]), change(family, point));
        int next = VM_COORDINATES;
        Leg there = shape.leg(Arrays.copyOfRange(point, next, next += LEG_COORDINATES));
        Leg back = shape.leg(Arrays.copyOfRange(point, next, next += LEG_COORDINATES));
        HostActivity first = activity(link, Arrays.copyOfRange(point, next, next += HOST_COORDINATES));
        HostActivity second = activity(link, Arrays.copyOfRange(point, next, next += HOST_COORDINATES));
        return new DesignedVm(
                number,
                family,
                link,
                MemorySize.ofMebibytes(memory),
                region.vcpus(number),
                point[4] < SHARE_WITH_RING,
                there,
                back,
                first,
                second);
    }

    private static int change(WorkloadFamily family, double[] point) {
        return (int) Math.round(family.change().logarithmicAt(point[3]));
    }

    private double[] point(int number) {
        // the first point of the sequence is the origin in every dimension
        double[] point = new SobolSequenceGenerator(COORDINATES).skipTo(number + 1);
        for (int i = 0; i < COORDINATES; i++) {
            point[i] = (point[i] + shift[i]) % 1;
        }
        return point;
    }

    private Bandwidth link(int block) {
        double place = (new SobolSequenceGenerator(1).skipTo(block + 1)[0] + linkShift) % 1;
        return Bandwidth.ofMegabits(Math.round(region.linkMegabits().logarithmicAt(place)));
    }

    /** Half of the hosts have another busy VM, half have traffic, and a quarter have both. */
    private static HostActivity activity(Bandwidth link, double[] point) {
        double cpu = point[0] < 0.5 ? 0 : ACTIVE_CPU.at(2 * point[0] - 1);
        double share = point[1] < 0.5 ? 0 : ACTIVE_TRAFFIC.at(2 * point[1] - 1);
        double megabits = Math.min(MOST_TRAFFIC_MEGABITS, share * link.megabits());
        return new HostActivity(cpu, Bandwidth.ofMegabits(Math.round(megabits)), point[2] < 0.5);
    }

    /** What both directions of a VM have in common. */
    private record Shape(
            DesignRegion region,
            WorkloadFamily family,
            long touched,
            double bytesPerSecond,
            double entropy,
            int change) {

        Leg leg(double[] point) {
            long workingSet = Math.max(2, Math.round(touched * region.workingSet(family, point[0])));
            double dirty = region.dirty(family, point[1]) * bytesPerSecond / MEBIBYTE;
            double bounded = Math.max(DIRTY_MEBIBYTES.low(), Math.min(DIRTY_MEBIBYTES.high(), dirty));
            GuestWorkload workload = new GuestWorkload(
                    MemorySize.ofMebibytes(touched),
                    MemorySize.ofMebibytes(Math.min(touched, workingSet)),
                    new MemorySize(Math.round(bounded * 1024) * 1024),
                    family.pattern(),
                    entropy,
                    change,
                    family.cpu().at(point[2]));
            double limit = region.timeLimit(touched * MEBIBYTE / bytesPerSecond);
            return new Leg(
                    workload,
                    Duration.ofMillis(Math.round(region.downtimeLimitMillis().logarithmicAt(point[3]))),
                    Duration.ofMillis(Math.round(limit * 1e3)));
        }
    }
}
