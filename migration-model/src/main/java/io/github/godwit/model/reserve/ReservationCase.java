package io.github.godwit.model.reserve;

import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Checks;

/**
 * A migration for which bandwidth may be reserved.
 *
 * @param technique   its technique
 * @param vm          traffic of the VM
 * @param source      the host that the VM is on
 * @param destination the host that it goes to
 * @param link        the link between both, with nothing reserved
 */
public record ReservationCase(
        Technique technique, Traffic vm, HostProfile source, HostProfile destination, LinkProfile link) {

    /**
     * @throws IllegalArgumentException when a value is missing
     */
    public ReservationCase {
        Checks.present("technique", technique);
        Checks.present("traffic of the VM", vm);
        Checks.present("source host", source);
        Checks.present("destination host", destination);
        Checks.present("link", link);
    }
}
