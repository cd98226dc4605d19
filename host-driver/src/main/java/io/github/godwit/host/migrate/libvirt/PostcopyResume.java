package io.github.godwit.host.migrate.libvirt;

import io.github.godwit.model.unit.Version;
import java.util.Optional;

/** Which releases of libvirt can resume a post-copy whose connection broke ({@code VIR_MIGRATE_POSTCOPY_RESUME}). Pure. */
final class PostcopyResume {

    /** What an operator can do, as the rest of a sentence. */
    static final String BY_HAND =
            "restart this host driver, which tries again, or run virsh migrate --postcopy-resume with the URI and the"
                    + " options of the migration";

    private PostcopyResume() {}

    /**
     * Why a post-copy cannot be resumed, as a clause; empty if it can. libvirt has it since 8.5.0. By its release notes, 11.2.0 brought a
     * regression by which the daemon of the destination crashes, which 11.4.0 repairs.
     *
     * @param source      libvirt of the source
     * @param host        name of the destination
     * @param destination libvirt of the destination; null if it is not known
     */
    static Optional<String> obstacle(Version source, String host, Version destination) {
        if (!source.atLeast(8, 5)) {
            return Optional.of(
                    "libvirt %s of this host cannot resume post-copy; 8.5.0 and later ones can".formatted(source));
        }
        if (destination == null) {
            return Optional.of("the version of libvirt on %s is not known".formatted(host));
        }
        if (!destination.atLeast(8, 5)) {
            return Optional.of(
                    "libvirt %s of %s cannot resume post-copy; 8.5.0 and later ones can".formatted(destination, host));
        }
        return destination.atLeast(11, 2) && !destination.atLeast(11, 4)
                ? Optional.of(
                        ("libvirt %s of %s crashes when a post-copy to it is resumed, as 11.2 and 11.3 do. Restart its daemon with"
                                        + " 11.4.0 or later first, which leaves the VMs alone")
                                .formatted(destination, host))
                : Optional.empty();
    }
}
