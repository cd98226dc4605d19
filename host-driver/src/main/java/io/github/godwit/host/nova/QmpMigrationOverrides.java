package io.github.godwit.host.nova;

import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.model.technique.LibvirtSettings;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets over QMP, before the migration, what libvirt has no setting for. libvirt does not reset what it does not know. */
final class QmpMigrationOverrides {

    private static final Logger LOG = LoggerFactory.getLogger(QmpMigrationOverrides.class);

    private QmpMigrationOverrides() {}

    /**
     * Sets the parameters and turns the capabilities on.
     *
     * @throws QmpException when QEMU refuses; no capability is on then
     */
    static void apply(Vm vm, LibvirtSettings settings) throws QmpException {
        if (!settings.monitorParameters().isEmpty()) {
            vm.monitor().execute("migrate-set-parameters", settings.monitorParameters());
        }
        set(vm, settings.monitorCapabilities(), true);
    }

    /** Turns the capabilities off in a VM that stays on this host. A failure is only logged. */
    static void lift(Vm vm, LibvirtSettings settings) {
        try {
            set(vm, settings.monitorCapabilities(), false);
        } catch (QmpException e) {
            LOG.warn(
                    "Cannot turn off {} in VM {}: {}. Its next migration may use them",
                    settings.monitorCapabilities(),
                    vm.name(),
                    e.getMessage());
        }
    }

    private static void set(Vm vm, Collection<String> capabilities, boolean on) throws QmpException {
        if (!capabilities.isEmpty()) {
            List<Map<String, Object>> states = capabilities.stream()
                    .map(name -> Map.<String, Object>of("capability", name, "state", on))
                    .toList();
            vm.monitor().execute("migrate-set-capabilities", Map.of("capabilities", states));
        }
    }
}
