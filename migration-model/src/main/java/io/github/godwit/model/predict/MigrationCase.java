package io.github.godwit.model.predict;

import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Scattering;
import io.github.godwit.model.unit.Checks;

/**
 * The input of a prediction: one VM, the two hosts, the network between them, and the migration parameters.
 *
 * @param vm          the VM to move
 * @param source      the host that the VM is on
 * @param destination the host that the VM would move to
 * @param link        the network between the hosts
 * @param tuning      the migration parameters that would be set
 * @param diskBytes   bytes of disks that are copied before the memory because the hosts do not share them; 0 for none
 * @param scattering  on which intermediaries pages would wait; null if the hosts share none
 */
public record MigrationCase(
        VmProfile vm,
        HostProfile source,
        HostProfile destination,
        LinkProfile link,
        MigrationTuning tuning,
        long diskBytes,
        Scattering scattering) {

    /**
     * @throws IllegalArgumentException when a part is missing or the destination is the source
     */
    public MigrationCase {
        Checks.present("VM profile", vm);
        Checks.present("source host", source);
        Checks.present("destination host", destination);
        Checks.present("link", link);
        Checks.present("tuning", tuning);
        Checks.notNegative("diskBytes", diskBytes);
        if (source.name().equals(destination.name())) {
            throw new IllegalArgumentException("VM '%s' is on host '%s' already. Choose another destination."
                    .formatted(vm.name(), destination.name()));
        }
    }

    /** Hosts that share no intermediaries. */
    public MigrationCase(
            VmProfile vm,
            HostProfile source,
            HostProfile destination,
            LinkProfile link,
            MigrationTuning tuning,
            long diskBytes) {
        this(vm, source, destination, link, tuning, diskBytes, null);
    }

    /** A VM of which only the memory is copied. */
    public MigrationCase(
            VmProfile vm, HostProfile source, HostProfile destination, LinkProfile link, MigrationTuning tuning) {
        this(vm, source, destination, link, tuning, 0);
    }

    /** A copy with another profile of the VM. */
    public MigrationCase withVm(VmProfile other) {
        return new MigrationCase(other, source, destination, link, tuning, diskBytes, scattering);
    }

    /** A copy with another tuning. */
    public MigrationCase withTuning(MigrationTuning other) {
        return new MigrationCase(vm, source, destination, link, other, diskBytes, scattering);
    }

    /** A copy with another link. */
    public MigrationCase withLink(LinkProfile other) {
        return new MigrationCase(vm, source, destination, other, tuning, diskBytes, scattering);
    }
}
