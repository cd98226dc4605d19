package io.github.godwit.model.technique;

import io.github.godwit.model.unit.Version;

/**
 * What QEMU and libvirt do since a release and tell nobody who asks them. These are the only releases that Godwit goes by, with those of
 * libvirt that a {@link Technique} names: whatever QEMU's schema shows is asked for instead ({@link HostCapabilities#lacking}).
 */
@SuppressWarnings("ImmutableEnumChecker") // a record of numbers
public enum ReleaseRule {
    /**
     * The first QEMU on which Godwit runs: older ones cannot show where a guest's memory is.
     * Source: {@code x-query-ramblock} and modes of {@code calc-dirty-rate}, "Since: 6.2" in QEMU's QAPI documents.
     */
    OLDEST_QEMU(6, 2),
    /**
     * QEMU refuses {@code compress} with {@code xbzrle}, though it has both until 9.0.
     * Source: QEMU commit 0e195629 of release 8.2, "migration: Give one error if trying to set COMPRESSION and XBZRLE".
     */
    QEMU_REFUSES_COMPRESS_WITH_XBZRLE(8, 2),
    /**
     * QEMU takes {@code multifd} with {@code postcopy-ram}: the first rounds go over several connections, post-copy over one.
     * Source: QEMU's change log of 10.1. 10.0 answers "Postcopy is not yet compatible with multifd"; 7.2 accepts both, years before QEMU supports it.
     */
    QEMU_COMBINES_MULTIFD_WITH_POSTCOPY(10, 1),
    /**
     * QEMU has {@code zero-copy-send}, for plain multifd.
     * Source: "Since: 7.1" in QEMU's QAPI documents.
     */
    QEMU_SENDS_ZERO_COPY(7, 1),
    /** libvirt has {@code VIR_MIGRATE_ZEROCOPY}. Source: "Since: 8.5.0" in libvirt's API documents. */
    LIBVIRT_SENDS_ZERO_COPY(8, 5),
    /** libvirt has {@code bandwidth.postcopy}. Source: libvirt's release notes of 5.1.0. */
    LIBVIRT_LIMITS_POSTCOPY(5, 1),
    /**
     * libvirt compresses over parallel connections; older ones compress by QEMU's compress threads alone.
     * Source: libvirt's release notes of 9.4.0.
     */
    LIBVIRT_COMPRESSES_PARALLEL(9, 4),
    /** libvirt migrates virtiofs. Source: libvirt's release notes of 10.0.0. */
    LIBVIRT_MIGRATES_VIRTIOFS(10, 0),
    /** libvirt gives QEMU access to {@code /dev/userfaultfd}. Source: libvirt's release notes of 10.1.0. */
    LIBVIRT_GRANTS_USERFAULTFD(10, 1);

    @SuppressWarnings("ImmutableEnumChecker") // a record of numbers
    private final Version since;

    ReleaseRule(int major, int minor) {
        this.since = Version.of(major, minor);
    }

    /** The first release for which it holds. */
    public Version since() {
        return since;
    }

    /** Whether it holds for a release of the software that it is about. */
    public boolean holdsFor(Version release) {
        return release.compareTo(since) >= 0;
    }
}
