package io.github.godwit.model.technique;

import static io.github.godwit.model.technique.TechniqueTraits.COMPRESS_THREADS_REMOVED;
import static io.github.godwit.model.technique.TechniqueTraits.COMPRESS_WITH_XBZRLE_REFUSED;
import static io.github.godwit.model.technique.TechniqueTraits.postCopy;
import static io.github.godwit.model.technique.TechniqueTraits.preCopy;

import io.github.godwit.model.technique.TechniqueTraits.Compression;
import io.github.godwit.model.technique.TechniqueTraits.Throttle;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The techniques by which QEMU can live-migrate a VM: those of [FGCS 2025] by its names, four that newer releases
 * of QEMU add, and one in which the host drivers stand between both QEMUs.
 *
 * <p>Each constant states what its technique consists of and which releases of QEMU and libvirt have it
 * ({@link TechniqueTraits}). The settings ({@link QemuSettings}, {@link LibvirtSettings}), what two hosts can run
 * ({@link TechniqueAvailability}) and the predictions follow from these.
 */
public enum Technique {
    /** Pre-copy: rounds over the dirty pages until the remaining ones fit in the downtime limit. */
    PRE_COPY("PRE", "pre-copy", preCopy()),
    /** Post-copy from the start: the VM runs on the destination and its pages follow. */
    POST_COPY("POST", "post-copy", postCopy(Switchover.AT_ONCE)),
    /** One pre-copy round over all memory, then post-copy. */
    PRE_POST_COPY("PRE-POST", "one pre-copy round, then post-copy", postCopy(Switchover.AFTER_FIRST_ROUND)),
    /** Pre-copy that throttles the vCPUs when it does not converge (QEMU's auto-converge). */
    AUTO_CONVERGE(
            "THR",
            "pre-copy with CPU throttling",
            preCopy().throttle(Throttle.AUTO_CONVERGE).libvirt(2, 0, "the auto-converge parameters")),
    /** Pre-copy that sends only what changed in a page (QEMU's XBZRLE). */
    XBZRLE("DCdlt", "pre-copy with delta compression", preCopy().delta().libvirt(1, 4, "compression methods")),
    /** Pre-copy with zstd-compressed pages, over multifd. */
    ZSTD(
            "DCZstd",
            "pre-copy with zstd compression",
            preCopy().compression(Compression.ZSTD).multifd().libvirt(9, 4, "zstd over parallel connections")),
    /** Pre-copy with zlib-compressed pages, over multifd; by compress threads with a libvirt that cannot express it. */
    ZLIB(
            "DCZlib",
            "pre-copy with zlib compression",
            preCopy().compression(Compression.ZLIB).multifd().libvirt(1, 4, "compression methods")),
    /** Zlib in the first round, XBZRLE in the later ones; needs compress threads. */
    XBZRLE_ZLIB(
            "DCdlt-DCZlib",
            "pre-copy with delta and zlib compression",
            preCopy()
                    .compression(Compression.ZLIB)
                    .delta()
                    .untilQemu(8, 1, COMPRESS_WITH_XBZRLE_REFUSED, COMPRESS_THREADS_REMOVED)
                    .libvirt(1, 4, "compression methods")),
    /** Zlib by compress threads; a page is sent uncompressed rather than waiting for a free thread. */
    ZLIB_ASYNC(
            "DCZlib-Async",
            "pre-copy with zlib compression that does not wait",
            preCopy()
                    .compression(Compression.ZLIB)
                    .withoutWaiting()
                    .untilQemu(9, 0, COMPRESS_THREADS_REMOVED)
                    .libvirt(1, 4, "compression methods")),
    /** {@link #XBZRLE_ZLIB} that does not wait for a free thread. */
    XBZRLE_ZLIB_ASYNC(
            "DCdlt-DCZlib-Async",
            "pre-copy with delta and zlib compression that does not wait",
            preCopy()
                    .compression(Compression.ZLIB)
                    .withoutWaiting()
                    .delta()
                    .untilQemu(8, 1, COMPRESS_WITH_XBZRLE_REFUSED, COMPRESS_THREADS_REMOVED)
                    .libvirt(1, 4, "compression methods")),
    /** Pre-copy over several connections (QEMU's multifd). */
    MULTIFD("MULTIFD", "pre-copy over parallel streams", preCopy().multifd().libvirt(5, 2, "VIR_MIGRATE_PARALLEL")),
    /** Post-copy from the start, with a separate connection for the pages that the VM waits for. */
    POST_COPY_PREEMPT(
            "POST-PREEMPT",
            "post-copy with preemption",
            postCopy(Switchover.AT_ONCE)
                    .preemption()
                    .qemu(7, 1, "postcopy-preempt")
                    .libvirt(10, 0, "postcopy-preempt")),
    /** Pre-copy that limits the rate at which each vCPU dirties pages; needs KVM's dirty ring. */
    DIRTY_LIMIT(
            "DIRTY-LIMIT",
            "pre-copy with a dirty page limit",
            preCopy()
                    .throttle(Throttle.DIRTY_LIMIT)
                    .qemu(8, 1, "dirty-limit")
                    .libvirt(8, 1, "a dirty ring for domains")),
    /** One pre-copy round over several connections, then post-copy over one. QEMU refused the combination before 10.1. */
    MULTIFD_POST_COPY(
            "MULTIFD-POST",
            "one pre-copy round over parallel streams, then post-copy",
            postCopy(Switchover.AFTER_FIRST_ROUND)
                    .multifd()
                    .qemu(10, 1, "multifd with post-copy")
                    .libvirt(5, 2, "VIR_MIGRATE_PARALLEL")),
    /** Post-copy from the start, whose pages wait on intermediaries: the source is free before the destination has them all. */
    SCATTER_GATHER(
            "SCATTER-GATHER",
            "post-copy whose pages wait on intermediaries",
            postCopy(Switchover.AT_ONCE)
                    .scattering()
                    .neverByLibvirt(
                            "needs plain QEMU: libvirt keeps the source's QEMU until the destination has all pages"));

    /** When the VM changes hosts. */
    public enum Switchover {
        /** When the remaining pages fit in the downtime limit, by QEMU's own rule. */
        WHEN_CONVERGED,
        /** As soon as the migration runs. */
        AT_ONCE,
        /** At the end of the first round over all memory. */
        AFTER_FIRST_ROUND
    }

    private final String id;
    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // a record of immutable parts
    private final TechniqueTraits traits;

    private final boolean postCopy;

    Technique(String id, String description, TechniqueTraits.Builder traits) {
        this.id = id;
        this.description = description;
        this.traits = traits.build();
        this.postCopy = this.traits.isPostCopy();
    }

    /**
     * The technique with this name, in any case, with {@code -} or {@code _}.
     *
     * @throws IllegalArgumentException when there is none; the message lists all names
     */
    public static Technique parse(String id) {
        Optional<Technique> found = Arrays.stream(values())
                .filter(technique -> technique.id.equalsIgnoreCase(id.trim().replace('_', '-')))
                .findFirst();
        return found.orElseThrow(() -> new IllegalArgumentException("There is no technique '%s'. Choose one of %s."
                .formatted(id, Arrays.stream(values()).map(Technique::id).collect(Collectors.joining(", ")))));
    }

    /** The name by which the papers and all interfaces know it, for example {@code DCdlt-DCZlib}. */
    public String id() {
        return id;
    }

    /** What it does, in words that fit in a sentence. */
    public String description() {
        return description;
    }

    /** What the technique consists of, and which releases of QEMU and libvirt have it. */
    public TechniqueTraits traits() {
        return traits;
    }

    /** When the VM changes hosts. */
    public Switchover switchover() {
        return traits.switchover();
    }

    /** Whether the VM's pages follow it: such a migration cannot be cancelled once it has switched. */
    public boolean isPostCopy() {
        return postCopy;
    }

    /** The same as {@link #id}; also the form in JSON. */
    @Override
    public String toString() {
        return id;
    }
}
