package io.github.godwit.strategy.plan;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.strategy.decide.Move;
import java.util.Map;

/**
 * What is known about one move before it is decided.
 *
 * @param move       the move
 * @param vm         status of the VM
 * @param profile    profile of the VM
 * @param techniques the techniques that can run, by destination; contains at least that of the move
 * @param localDisk  size of the VM's disks on its host in bytes, which Nova copies unless the hosts share their storage
 */
record MoveFacts(
        Move move, VmStatus vm, VmProfile profile, Map<String, TechniqueAvailability> techniques, long localDisk) {

    /** Copies the map. */
    MoveFacts {
        techniques = Map.copyOf(techniques);
    }

    /** Returns the bytes of the VM's disks that are copied as well. */
    long diskBytes() {
        return vm.definition() == null ? 0 : vm.definition().diskBytes();
    }
}
