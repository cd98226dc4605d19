package io.github.godwit.host.migrate.libvirt;

import io.github.godwit.common.ListenAddress;
import io.github.godwit.model.technique.LibvirtSettings;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The arguments of one migration for libvirt's {@code virDomainMigrateToURI3}. Pure.
 *
 * @param destination URI of the destination's libvirt
 * @param flags       names of {@code virDomainMigrateFlags}
 * @param parameters  by the names of {@code VIR_MIGRATE_PARAM_*}
 */
record LibvirtOrder(String destination, Set<String> flags, Map<String, Object> parameters) {

    private static final String RESUME = "VIR_MIGRATE_POSTCOPY_RESUME";

    /** {@code VIR_MIGRATE_PARAM_URI}. */
    private static final String MIGRATE_URI = "migrate_uri";

    /**
     * The migration of a domain.
     *
     * @param destination URI of the destination's libvirt
     * @param settings    those of the technique
     * @param persistent  whether the domain is defined on this host; then it is defined on the destination instead, as Nova does it
     * @param copiesDisks whether it has disks that only this host can see
     * @param address     IP address at which the destination's QEMU receives it; libvirt chooses the port
     */
    static LibvirtOrder of(
            String destination, LibvirtSettings settings, boolean persistent, boolean copiesDisks, String address) {
        Set<String> flags = new LinkedHashSet<>(Set.of("VIR_MIGRATE_LIVE", "VIR_MIGRATE_PEER2PEER"));
        if (persistent) {
            flags.add("VIR_MIGRATE_UNDEFINE_SOURCE");
            flags.add("VIR_MIGRATE_PERSIST_DEST");
        }
        if (copiesDisks) {
            flags.add("VIR_MIGRATE_NON_SHARED_DISK");
        }
        flags.addAll(settings.flags());
        Map<String, Object> parameters = new LinkedHashMap<>(settings.typedParameters());
        parameters.put(MIGRATE_URI, "tcp://" + ListenAddress.inUrl(address));
        return new LibvirtOrder(
                destination, Collections.unmodifiableSet(flags), Collections.unmodifiableMap(parameters));
    }

    /** The order that resumes this migration, after its connection broke in post-copy; libvirt chooses the port anew. */
    LibvirtOrder resumed() {
        Set<String> all = new LinkedHashSet<>(flags);
        all.add(RESUME);
        return new LibvirtOrder(destination, Collections.unmodifiableSet(all), parameters);
    }
}
