package io.github.godwit.strategy.load;

import io.github.godwit.hostapi.VmStatus;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Finds VMs by the value of a label: their name, which is the UUID of a server, or the name of their domain. Each cell of Nova counts its
 * servers, so that several may have the same domain.
 */
final class VmNames {

    private static final Pattern UUID = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Map<String, Set<String>> names = new HashMap<>();
    private final Map<String, Set<String>> domains = new HashMap<>();
    private final List<String> labels;

    /**
     * @param vms           the VMs
     * @param instanceNames their domains by the name of the VM, as far as they are known
     * @param labels        labels that may name a VM, the best first
     */
    VmNames(Collection<VmStatus> vms, Map<String, String> instanceNames, List<String> labels) {
        this.labels = List.copyOf(labels);
        for (VmStatus vm : vms) {
            names.computeIfAbsent(vm.name().toLowerCase(Locale.ROOT), key -> new TreeSet<>())
                    .add(vm.name());
            String domain = instanceNames.get(vm.name());
            if (domain != null && !domain.isBlank()) {
                domains.computeIfAbsent(domain, key -> new TreeSet<>()).add(vm.name());
            }
        }
    }

    /**
     * Returns the VMs of the first label that names one. A series with the UUID of another server does not belong to a server whose domain
     * has the same name.
     */
    Set<String> of(Map<String, String> series) {
        boolean ofAnother = false;
        for (String label : labels) {
            String value = series.getOrDefault(label, "").strip();
            Set<String> named = names.getOrDefault(value.toLowerCase(Locale.ROOT), Set.of());
            if (named.isEmpty() && !ofAnother) {
                named = domains.getOrDefault(value, Set.of());
            }
            if (!named.isEmpty()) {
                return named;
            }
            ofAnother |= UUID.matcher(value).matches();
        }
        return Set.of();
    }
}
