package io.github.godwit.model.predict;

import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.unit.MemorySize;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The features of a migration case that every learned model reads, in a fixed order ([FGCS 2025], [ICAC 2016]). This is
 * the only place that turns a case into numbers; any change of the list needs a new {@link #SCHEMA}.
 */
public enum Features {
    /** Guest memory, MiB. */
    MEMORY_MIB(c -> c.vm().memory().mebibytes()),
    /** Virtual CPUs. */
    VCPUS(c -> c.vm().vcpus()),
    /** Non-zero memory, MiB. */
    NON_ZERO_MIB(c -> mebibytes(c.vm().nonZeroPages())),
    /** Page dirty rate at the start of a window, MiB/s. */
    DIRTY_RATE_MIB_S(c -> mebibytes(c.vm().dirtyCurve().initialPagesPerSecond())),
    /** Unique pages written in 0.1 s, MiB. */
    DIRTY_100MS_MIB(c -> mebibytes(c.vm().dirtyCurve().pagesAfter(0.1))),
    /** Unique pages written in 0.5 s, MiB. */
    DIRTY_500MS_MIB(c -> mebibytes(c.vm().dirtyCurve().pagesAfter(0.5))),
    /** Unique pages written in 2 s, MiB. */
    DIRTY_2S_MIB(c -> mebibytes(c.vm().dirtyCurve().pagesAfter(2))),
    /** Writable working set, MiB. */
    WORKING_SET_MIB(c -> mebibytes(c.vm().dirtyCurve().writableWorkingSetPages())),
    /** Temporal locality: share of the writes in 0.5 s to pages that were already written in it, 0 to 1. */
    TEMPORAL_LOCALITY(Features::temporalLocality),
    /** Spatial locality: share of the changed pages whose next page changed too, 0 to 1. */
    SPATIAL_LOCALITY(c -> c.vm().spatialLocality()),
    /** Entropy of the content, 0 to 1. */
    ENTROPY(c -> c.vm().content().entropy()),
    /** Compressed over original size with zlib level 1. */
    ZLIB_RATIO(c -> c.vm().content().zlibRatio()),
    /** Compressed over original size with zstd level 1. */
    ZSTD_RATIO(c -> c.vm().content().zstdRatio()),
    /** Bytes changed per written page. */
    CHANGED_BYTES(c -> c.vm().content().changedBytesPerPage()),
    /** CPU use of each vCPU, cores, 0 to 1. */
    VCPU_USE(c -> c.vm().vcpuUse() / c.vm().vcpus()),
    /** The VM's outbound traffic, Mbit/s. */
    VM_OUT_MBIT(c -> c.vm().traffic().out().megabits()),
    /** The VM's inbound traffic, Mbit/s. */
    VM_IN_MBIT(c -> c.vm().traffic().in().megabits()),
    /** Free CPU of the source, cores, at most {@link #ENOUGH_CORES}. */
    SOURCE_FREE_CORES(c -> freeCores(c.source())),
    /** How short the source is of memory, 0 to 1. */
    SOURCE_MEMORY_SHORTAGE(c -> memoryShortage(c.source())),
    /** Free CPU of the destination, cores, at most {@link #ENOUGH_CORES}. */
    DESTINATION_FREE_CORES(c -> freeCores(c.destination())),
    /** How short the destination is of memory, 0 to 1. */
    DESTINATION_MEMORY_SHORTAGE(c -> memoryShortage(c.destination())),
    /** Capacity of the link, Mbit/s. */
    LINK_MBIT(c -> c.link().capacity().megabits()),
    /** Free bandwidth of the link, Mbit/s. */
    AVAILABLE_MBIT(c -> c.link().available().megabits()),
    /** Bandwidth reserved for the migration, Mbit/s. */
    RESERVED_MBIT(c -> c.link().reserved().megabits()),
    /** Round-trip time, ms. */
    LATENCY_MS(c -> c.link().latencyMillis()),
    /** Outbound traffic of the source, Mbit/s. */
    SOURCE_OUT_MBIT(c -> c.source().traffic().out().megabits()),
    /** Inbound traffic of the destination, Mbit/s. */
    DESTINATION_IN_MBIT(c -> c.destination().traffic().in().megabits()),
    /** Downtime limit, ms. */
    DOWNTIME_LIMIT_MS(c -> c.tuning().downtimeLimit().toMillis()),
    /** Whether KVM tracks the VM's writes with a dirty ring: 1 for yes, 0 for no. */
    DIRTY_RING(c -> c.vm().dirtyRing() ? 1 : 0),
    /** Whether the VM runs under TCG instead of KVM: 1 for yes, 0 for no. */
    TCG(c -> c.vm().accelerator() == Accelerator.TCG ? 1 : 0),
    /** Whether libvirt runs the migration instead of plain QEMU: 1 for yes, 0 for no. */
    LIBVIRT(c -> c.source().hypervisor() == Hypervisor.LIBVIRT ? 1 : 0);

    /** Version of this list, part of every model file. */
    public static final int SCHEMA = 5;

    /**
     * Free cores from which on more make no difference: a migration sends by one thread, and QEMU's own simulation, which the models
     * correct, counts with all of them.
     */
    static final double ENOUGH_CORES = 1;

    /**
     * The memory load up to which a migration does not depend on it, 0 to 1: a host that has room for the VM does not swap. That of a
     * host in a cloud is anywhere below, and must not make its migrations unlike all others.
     */
    static final double NO_SHORTAGE = 0.95;

    private static final List<Features> ALL = List.of(values());
    private static final double LOCALITY_WINDOW_SECONDS = 0.5;

    @SuppressWarnings("ImmutableEnumChecker") // all of them are lambdas without state
    private final ToDoubleFunction<MigrationCase> value;

    Features(ToDoubleFunction<MigrationCase> value) {
        this.value = value;
    }

    /** The vector of a case: one finite number for each feature, in the order of this enum. */
    public static double[] of(MigrationCase migration) {
        double[] vector = new double[ALL.size()];
        fill(migration, vector);
        return vector;
    }

    /**
     * Writes the vector of a case to the start of an array.
     *
     * @param into receives the vector; may be longer
     */
    public static void fill(MigrationCase migration, double[] into) {
        int index = 0;
        for (Features feature : ALL) {
            into[index++] = feature.value.applyAsDouble(migration);
        }
    }

    /** The names of the features, in the same order. */
    public static List<String> names() {
        return ALL.stream().map(Enum::name).toList();
    }

    private static double freeCores(HostProfile host) {
        return Math.min(ENOUGH_CORES, host.cores() * (1 - host.cpuLoad()));
    }

    private static double memoryShortage(HostProfile host) {
        return Math.max(0, host.memoryLoad() - NO_SHORTAGE) / (1 - NO_SHORTAGE);
    }

    private static double mebibytes(double pages) {
        return pages * MemorySize.PAGE_BYTES / (1 << 20);
    }

    private static double temporalLocality(MigrationCase migration) {
        DirtyCurve curve = migration.vm().dirtyCurve();
        double writes = curve.initialPagesPerSecond() * LOCALITY_WINDOW_SECONDS;
        return writes == 0 ? 0 : Math.max(0, 1 - curve.pagesAfter(LOCALITY_WINDOW_SECONDS) / writes);
    }
}
