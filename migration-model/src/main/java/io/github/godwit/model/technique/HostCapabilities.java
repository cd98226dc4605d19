package io.github.godwit.model.technique;

import io.github.godwit.model.unit.Checks;
import io.github.godwit.model.unit.Version;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which techniques the hypervisor software of one host supports, by its versions and by probing it.
 *
 * @param host    the host's name
 * @param qemu    version of its QEMU
 * @param libvirt version of its libvirt, or null where Godwit drives QEMU itself
 * @param refused techniques whose capabilities this QEMU did not accept when probed, with QEMU's own message
 */
public record HostCapabilities(String host, Version qemu, Version libvirt, Map<Technique, String> refused) {

    /**
     * @throws IllegalArgumentException when the name or the QEMU version is missing
     */
    public HostCapabilities {
        Checks.named("host name", host);
        Checks.present("QEMU version", qemu);
        EnumMap<Technique, String> copy = new EnumMap<>(Technique.class);
        copy.putAll(Checks.present("refused techniques", refused));
        refused = Collections.unmodifiableMap(copy);
    }

    /** Why this host cannot run a technique, as a sentence without a full stop, or nothing when it can. */
    public Optional<String> obstacle(Technique technique) {
        return QemuSettings.missingIn(technique, qemu)
                .or(() -> libvirt == null ? Optional.empty() : LibvirtSettings.missingIn(technique, libvirt))
                .or(() -> Optional.ofNullable(refused.get(technique))
                        .map(words -> "QEMU %s on %s refuses it: %s".formatted(qemu, host, words)));
    }
}
