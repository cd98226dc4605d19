package io.github.godwit.model.predict;

import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.unit.Checks;

/**
 * All that a prediction is made from: one VM, the two hosts, the way between them, and the knobs (SPEC G3).
 *
 * @param vm          the VM to move
 * @param source      the host it is on
 * @param destination the host it would go to
 * @param link        the way between them
 * @param tuning      the migration parameters that would be set
 */
public record MigrationCase(
        VmProfile vm, HostProfile source, HostProfile destination, LinkProfile link, MigrationTuning tuning) {

    /**
     * @throws IllegalArgumentException when a part is missing or the destination is the source
     */
    public MigrationCase {
        Checks.present("VM profile", vm);
        Checks.present("source host", source);
        Checks.present("destination host", destination);
        Checks.present("link", link);
        Checks.present("tuning", tuning);
        if (source.name().equals(destination.name())) {
            throw new IllegalArgumentException("VM '%s' is on host '%s' already. Choose another destination."
                    .formatted(vm.name(), destination.name()));
        }
    }

    /** The same for the VM as another profile has it. */
    public MigrationCase withVm(VmProfile other) {
        return new MigrationCase(other, source, destination, link, tuning);
    }
}
