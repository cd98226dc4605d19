package io.github.godwit.model.technique;

import io.github.godwit.model.technique.ReleaseRange.Removal;
import io.github.godwit.model.technique.Technique.Switchover;
import io.github.godwit.model.unit.Checks;
import io.github.godwit.model.unit.Version;
import java.util.List;

/**
 * What a technique consists of. Its settings for QEMU and libvirt, the releases that can run it, and its simulation
 * follow from this.
 *
 * @param switchover     when the VM changes hosts
 * @param preemption     whether a page that the VM waits for in post-copy overtakes the others on a separate connection
 * @param compression    how each page is compressed
 * @param waitsForThread whether a page waits for a free compress thread (QEMU's {@code compress-wait-thread}) rather than being
 *                       sent uncompressed; true without compress threads
 * @param delta          whether later rounds send only what changed in a page (QEMU's XBZRLE)
 * @param multifd        whether pages go over several connections; with compression only by a libvirt that compresses there, and
 *                       by compress threads with an older one
 * @param throttle       how the guest is slowed when pre-copy does not converge
 * @param scattering     whether pages wait on intermediaries, so that the source is free before the destination has them
 * @param qemu           the releases of QEMU, from 6.2 on, that have the technique, whatever they were built with: the reason to
 *                       show where QEMU's schema lacks it, and what holds for a host of which nobody knows the schema
 * @param libvirt        the releases of libvirt that can express it
 */
public record TechniqueTraits(
        Switchover switchover,
        boolean preemption,
        Compression compression,
        boolean waitsForThread,
        boolean delta,
        boolean multifd,
        Throttle throttle,
        boolean scattering,
        ReleaseRange qemu,
        ReleaseRange libvirt) {

    /** The compression of pages. */
    public enum Compression {
        /** Not at all. */
        NONE("none"),
        /** With zlib. */
        ZLIB("zlib"),
        /** With zstd. */
        ZSTD("zstd");

        private final String method;

        Compression(String method) {
            this.method = method;
        }

        /** Its name for QEMU and libvirt. */
        String method() {
            return method;
        }

        /** Its level in a tuning; 0 for no compression. */
        int level(MigrationTuning tuning) {
            return switch (this) {
                case NONE -> 0;
                case ZLIB -> tuning.zlibLevel();
                case ZSTD -> tuning.zstdLevel();
            };
        }
    }

    /** How QEMU slows the guest. */
    public enum Throttle {
        /** Not at all. */
        NONE,
        /** By making all vCPUs sleep, ever longer ({@code auto-converge}). */
        AUTO_CONVERGE,
        /** By making each vCPU that writes more than its limit sleep ({@code dirty-limit}); needs KVM's dirty ring. */
        DIRTY_LIMIT
    }

    static final Removal COMPRESS_THREADS_REMOVED =
            new Removal(Version.of(9, 1), "compress threads were removed in 9.1");
    static final Removal COMPRESS_WITH_XBZRLE_REFUSED =
            new Removal(ReleaseRule.QEMU_REFUSES_COMPRESS_WITH_XBZRLE.since(), "8.2 refuses compress with xbzrle");

    /**
     * @throws IllegalArgumentException when a part is missing, or pages would be preempted without post-copy
     */
    public TechniqueTraits {
        Checks.present("switchover", switchover);
        Checks.present("compression", compression);
        Checks.present("throttle", throttle);
        Checks.present("QEMU releases", qemu);
        Checks.present("libvirt releases", libvirt);
        if (preemption && switchover == Switchover.WHEN_CONVERGED) {
            throw new IllegalArgumentException("Preemption needs post-copy. Choose a switchover before convergence.");
        }
    }

    /** Whether the VM's pages follow it to the destination. */
    boolean isPostCopy() {
        return switchover != Switchover.WHEN_CONVERGED;
    }

    /**
     * Whether a migration by the technique can be switched to post-copy while it runs. QEMU up to 10.0 refuses post-copy together with
     * multifd and with compress threads, and the throttle of dirty-limit would stay on the vCPUs.
     */
    public boolean canFallBack() {
        return switchover == Switchover.WHEN_CONVERGED
                && !multifd
                && compression == Compression.NONE
                && throttle != Throttle.DIRTY_LIMIT;
    }

    /** Whether QEMU can hand its pages to the socket without copying them: not those that are compressed, or follow in post-copy. */
    boolean canSendWithoutCopies() {
        return multifd && compression == Compression.NONE && !isPostCopy();
    }

    /** Whether the VM must have been started with KVM's dirty ring. */
    public boolean needsDirtyRing() {
        return throttle == Throttle.DIRTY_LIMIT;
    }

    /** Whether pages go over multifd with a release of libvirt that can express the technique. */
    boolean multifdOnLibvirt(Version release) {
        return multifd
                && (compression == Compression.NONE || ReleaseRule.LIBVIRT_COMPRESSES_PARALLEL.holdsFor(release));
    }

    /** Starts with plain pre-copy, which all releases have. */
    static Builder preCopy() {
        return new Builder(Switchover.WHEN_CONVERGED);
    }

    /** Starts with plain post-copy. */
    static Builder postCopy(Switchover switchover) {
        return new Builder(switchover).libvirt(1, 3, "VIR_MIGRATE_POSTCOPY");
    }

    /** Collects the traits of one technique. */
    static final class Builder {
        private final Switchover switchover;
        private boolean preemption;
        private Compression compression = Compression.NONE;
        private boolean waitsForThread = true;
        private boolean delta;
        private boolean multifd;
        private Throttle throttle = Throttle.NONE;
        private boolean scattering;
        private ReleaseRange qemu = ReleaseRange.all("QEMU");
        private ReleaseRange libvirt = ReleaseRange.all("libvirt");

        private Builder(Switchover switchover) {
            this.switchover = switchover;
        }

        Builder preemption() {
            preemption = true;
            return this;
        }

        Builder compression(Compression by) {
            compression = by;
            return this;
        }

        Builder withoutWaiting() {
            waitsForThread = false;
            return this;
        }

        Builder delta() {
            delta = true;
            return this;
        }

        Builder multifd() {
            multifd = true;
            return this;
        }

        Builder scattering() {
            scattering = true;
            return this;
        }

        Builder neverByLibvirt(String reason) {
            libvirt = new ReleaseRange("libvirt", Version.of(0, 0), "", List.of(new Removal(Version.of(0, 0), reason)));
            return this;
        }

        Builder throttle(Throttle by) {
            throttle = by;
            return this;
        }

        Builder qemu(int major, int minor, String added) {
            qemu = ReleaseRange.since("QEMU", major, minor, added);
            return this;
        }

        Builder untilQemu(int major, int minor, Removal... changes) {
            qemu = qemu.until(major, minor, changes);
            return this;
        }

        Builder libvirt(int major, int minor, String added) {
            libvirt = ReleaseRange.since("libvirt", major, minor, added);
            return this;
        }

        TechniqueTraits build() {
            return new TechniqueTraits(
                    switchover,
                    preemption,
                    compression,
                    waitsForThread,
                    delta,
                    multifd,
                    throttle,
                    scattering,
                    qemu,
                    libvirt);
        }
    }
}
