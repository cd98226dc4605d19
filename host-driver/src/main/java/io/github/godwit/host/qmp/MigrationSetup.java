package io.github.godwit.host.qmp;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.model.technique.QemuSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sets the migration capabilities and parameters of a technique in one QEMU; source and destination need the same. */
public final class MigrationSetup {

    /**
     * Capabilities of every migration. The supervision needs {@code events}. With {@code return-path} the source completes
     * only after the destination has loaded the VM, so that a device state that cannot be loaded does not lose the VM.
     */
    private static final Set<String> ALWAYS = Set.of("events", "return-path");

    /** Has a QEMU that receives by post-copy count how long the vCPUs wait for pages. The source does nothing with it. */
    private static final String COUNT_WAITS = "postcopy-blocktime";

    private static final String POSTCOPY = "postcopy-ram";

    private final Monitor qmp;

    /**
     * Creates the setup of one QEMU.
     *
     * @param qmp the monitor of that QEMU
     */
    public MigrationSetup(Monitor qmp) {
        this.qmp = qmp;
    }

    /**
     * Enables the capabilities that the technique needs and disables all others, in one command, because QEMU checks the
     * combination as a whole; then sets the parameters.
     *
     * @throws QmpException if QEMU refuses, or if the monitor fails; see {@link QmpException#refused()}
     */
    public void apply(QemuSettings settings) throws QmpException {
        Set<String> wanted = new LinkedHashSet<>(settings.capabilities());
        wanted.addAll(ALWAYS);
        Set<String> supported = supported();
        if (wanted.contains(POSTCOPY) && supported.contains(COUNT_WAITS)) {
            wanted.add(COUNT_WAITS);
        }
        List<Map<String, Object>> capabilities = new ArrayList<>();
        for (String capability : supported) {
            if (!wanted.contains(capability)) {
                capabilities.add(capability(capability, false));
            }
        }
        for (String capability : wanted) {
            capabilities.add(capability(capability, true));
        }
        qmp.execute("migrate-set-capabilities", Map.of("capabilities", capabilities));
        Map<String, Object> parameters = new LinkedHashMap<>(settings.parameters());
        parameters.putAll(Announcement.parameters());
        qmp.execute("migrate-set-parameters", parameters);
    }

    /** The capabilities of this QEMU without the experimental ones, which are off unless an operator enabled them. */
    private Set<String> supported() throws QmpException {
        Set<String> names = new LinkedHashSet<>();
        for (JsonNode capability : qmp.execute("query-migrate-capabilities")) {
            String name = capability.path("capability").asText();
            if (!name.startsWith("x-")) {
                names.add(name);
            }
        }
        return names;
    }

    private static Map<String, Object> capability(String name, boolean on) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("capability", name);
        entry.put("state", on);
        return entry;
    }
}
