package io.github.godwit.host.migrate.permit;

import io.github.godwit.host.vm.LockedMemory;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.ZeroCopySend;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has pages sent without copying them where the operator wants that and the VM's QEMU may lock its memory. */
public final class UncopiedPages {

    private static final Logger LOG = LoggerFactory.getLogger(UncopiedPages.class);

    private UncopiedPages() {}

    /**
     * The case of a migration, whose tuning says whether pages are copied.
     *
     * @param wanted      for which links the operator wants it
     * @param copying     the case of a migration that copies
     * @param source      the source; libvirt has its QEMU lock memory, and the limits of any other are those that it was started with
     * @param destination the destination
     */
    public static MigrationCase where(
            ZeroCopySend wanted,
            MigrationCase copying,
            Technique technique,
            HostCapabilities source,
            HostCapabilities destination,
            Vm vm) {
        boolean suits = wanted.suits(technique, copying.link().capacity(), source, destination);
        return suits && (source.libvirt() != null || mayLockItsMemory(vm))
                ? copying.withTuning(copying.tuning().withZeroCopy(true))
                : copying;
    }

    private static boolean mayLockItsMemory(Vm vm) {
        RunningVm qemu = vm.running();
        Path process = Path.of("/proc", Long.toString(qemu.pid()));
        boolean permitted =
                LockedMemory.permits(process, qemu.definition().memory().bytes());
        if (!permitted) {
            LOG.info("QEMU of VM '{}' may not lock as much memory as the VM has, so its pages are copied", vm.name());
        }
        return permitted;
    }
}
