package io.github.godwit.host.qmp;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.model.technique.QemuSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gives one QEMU the capabilities and parameters of a technique; both ends need the same. */
public final class MigrationSetup {

    /**
     * What every migration of Godwit turns on: {@code events} to supervise it by, and {@code return-path}, with which the
     * source ends only after the destination has loaded the VM, so that a state it cannot load costs no VM.
     */
    private static final Set<String> ALWAYS = Set.of("events", "return-path");

    private final Monitor qmp;

    /**
     * @param qmp the monitor of the QEMU to set up
     */
    public MigrationSetup(Monitor qmp) {
        this.qmp = qmp;
    }

    /**
     * Turns on what the technique needs and everything else off, in one command, so that QEMU judges the whole.
     *
     * @throws QmpException when QEMU refuses; {@link QmpException#refused()} tells that apart from a broken connection
     */
    public void apply(QemuSettings settings) throws QmpException {
        Set<String> wanted = new LinkedHashSet<>(settings.capabilities());
        wanted.addAll(ALWAYS);
        Set<String> known = known();
        List<Map<String, Object>> capabilities = new ArrayList<>();
        for (String capability : known) {
            if (!wanted.contains(capability)) {
                capabilities.add(capability(capability, false));
            }
        }
        for (String capability : wanted) {
            capabilities.add(capability(capability, true));
        }
        qmp.execute("migrate-set-capabilities", Map.of("capabilities", capabilities));
        qmp.execute("migrate-set-parameters", settings.parameters());
    }

    /** The capabilities that this QEMU has; experimental ones are off unless somebody turned them on by hand. */
    private Set<String> known() throws QmpException {
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
