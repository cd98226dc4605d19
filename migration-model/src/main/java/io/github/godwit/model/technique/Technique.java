package io.github.godwit.model.technique;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The ways in which QEMU can live-migrate a VM: those of SPEC G1 by the papers' names, and three that newer QEMU adds.
 *
 * <p>What QEMU and libvirt are told for each is in {@link QemuSettings} and {@link LibvirtSettings}; whether two hosts can
 * run it, in {@link TechniqueAvailability}.
 */
public enum Technique {
    /** Pre-copy: rounds over the dirty pages until what is left fits in the downtime limit. */
    PRE_COPY("PRE", "pre-copy", Switchover.WHEN_CONVERGED),
    /** Post-copy from the start: the VM runs on the destination and its pages follow. */
    POST_COPY("POST", "post-copy", Switchover.AT_ONCE),
    /** One pre-copy round over all memory, then post-copy. */
    PRE_POST_COPY("PRE-POST", "one pre-copy round, then post-copy", Switchover.AFTER_FIRST_ROUND),
    /** Pre-copy that throttles the vCPUs when it does not converge (QEMU auto-converge). */
    AUTO_CONVERGE("THR", "pre-copy with CPU throttling", Switchover.WHEN_CONVERGED),
    /** Pre-copy that sends only what changed in a page (XBZRLE). */
    XBZRLE("DCdlt", "pre-copy with delta compression", Switchover.WHEN_CONVERGED),
    /** Pre-copy with zstd-compressed pages. */
    ZSTD("DCZstd", "pre-copy with zstd compression", Switchover.WHEN_CONVERGED),
    /** Pre-copy with zlib-compressed pages: multifd where QEMU has it, compress threads where not. */
    ZLIB("DCZlib", "pre-copy with zlib compression", Switchover.WHEN_CONVERGED),
    /** Zlib in the first round, XBZRLE in the later ones; needs compress threads. */
    XBZRLE_ZLIB("DCdlt-DCZlib", "pre-copy with delta and zlib compression", Switchover.WHEN_CONVERGED),
    /** Zlib by compress threads, sending a page raw rather than waiting for a free thread. */
    ZLIB_ASYNC("DCZlib-Async", "pre-copy with zlib compression that does not wait", Switchover.WHEN_CONVERGED),
    /** {@link #XBZRLE_ZLIB} that does not wait for a free thread. */
    XBZRLE_ZLIB_ASYNC(
            "DCdlt-DCZlib-Async",
            "pre-copy with delta and zlib compression that does not wait",
            Switchover.WHEN_CONVERGED),
    /** Pre-copy over several parallel streams. */
    MULTIFD("MULTIFD", "pre-copy over parallel streams", Switchover.WHEN_CONVERGED),
    /** Post-copy from the start with a stream of its own for the pages that the VM waits for. */
    POST_COPY_PREEMPT("POST-PREEMPT", "post-copy with preemption", Switchover.AT_ONCE),
    /** Pre-copy that slows each vCPU to a dirty page rate; needs KVM's dirty ring. */
    DIRTY_LIMIT("DIRTY-LIMIT", "pre-copy with a dirty page limit", Switchover.WHEN_CONVERGED);

    /** When the VM changes hosts. */
    public enum Switchover {
        /** When what is left fits in the downtime limit, by QEMU's own rule. */
        WHEN_CONVERGED,
        /** As soon as the migration runs. */
        AT_ONCE,
        /** At the end of the first round over all memory. */
        AFTER_FIRST_ROUND
    }

    private final String id;
    private final String description;
    private final Switchover switchover;

    Technique(String id, String description, Switchover switchover) {
        this.id = id;
        this.description = description;
        this.switchover = switchover;
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

    /** The papers' name, for example {@code DCdlt-DCZlib}. */
    public String id() {
        return id;
    }

    /** What it does, in words that fit in a sentence. */
    public String description() {
        return description;
    }

    /** When the VM changes hosts. */
    public Switchover switchover() {
        return switchover;
    }

    /** Whether the VM's pages follow it: such a migration cannot be cancelled once switched. */
    public boolean isPostCopy() {
        return switchover != Switchover.WHEN_CONVERGED;
    }

    /** The papers' name; also the form in JSON. */
    @Override
    public String toString() {
        return id;
    }
}
