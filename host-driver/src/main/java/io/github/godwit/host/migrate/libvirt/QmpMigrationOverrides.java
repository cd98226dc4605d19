package io.github.godwit.host.migrate.libvirt;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.model.technique.LibvirtSettings;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What libvirt has no setting for is set over QMP before the migration. libvirt does not reset what it does not know. */
public final class QmpMigrationOverrides {

    private static final Logger LOG = LoggerFactory.getLogger(QmpMigrationOverrides.class);

    private static final String DIRTY_LIMIT = "dirty-limit";

    private final Vm vm;
    private final Collection<String> capabilities;
    private final Map<String, Object> before;
    private boolean lifted;

    private QmpMigrationOverrides(Vm vm, Collection<String> capabilities, Map<String, Object> before) {
        this.vm = vm;
        this.capabilities = capabilities;
        this.before = before;
    }

    /**
     * Sets the parameters and turns the capabilities on.
     *
     * @throws QmpException when QEMU refuses; everything is as before then
     */
    public static QmpMigrationOverrides apply(Vm vm, LibvirtSettings settings) throws QmpException {
        Map<String, Object> parameters = settings.monitorParameters();
        QmpMigrationOverrides overrides = new QmpMigrationOverrides(
                vm, settings.monitorCapabilities(), parameters.isEmpty() ? Map.of() : values(vm, parameters));
        try {
            set(vm, parameters);
            set(vm, settings.monitorCapabilities(), true);
        } catch (QmpException e) {
            overrides.lift();
            throw e;
        }
        return overrides;
    }

    private static Map<String, Object> values(Vm vm, Map<String, Object> parameters) throws QmpException {
        JsonNode all = vm.monitor().execute("query-migrate-parameters");
        Map<String, Object> values = new LinkedHashMap<>();
        parameters.keySet().forEach(name -> {
            if (all.has(name)) {
                values.put(name, all.get(name));
            }
        });
        return values;
    }

    /** Turns the capabilities off and sets the parameters as they were, in a VM that stays on this host. A failure is only logged. */
    public void lift() {
        if (lifted) {
            return;
        }
        lifted = true;
        try {
            set(vm, capabilities, false);
            set(vm, before);
            if (capabilities.contains(DIRTY_LIMIT)) {
                // QEMU lifts the limit that it has set at the end of a migration, but not if that is cancelled.
                vm.monitor().execute("cancel-vcpu-dirty-limit");
            }
        } catch (QmpException e) {
            LOG.warn(
                    "Cannot put {} and {} back in VM {}: {}. Its next migration may use them",
                    capabilities,
                    before.keySet(),
                    vm.name(),
                    e.getMessage());
        }
    }

    private static void set(Vm vm, Map<String, Object> parameters) throws QmpException {
        if (!parameters.isEmpty()) {
            vm.monitor().execute("migrate-set-parameters", parameters);
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
