package io.github.godwit.strategy.nova;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which extra specs of flavors rule out live migration. Nova refuses to live-migrate servers with a virtual TPM, encrypted memory
 * (SEV) or accelerators ({@code nova/compute/api.py}), and PCI devices and vGPUs can be moved only with drivers and options that its
 * API does not report.
 */
final class FlavorLimits {

    private static final Set<String> TRUE = Set.of("true", "1", "yes", "on", "t", "y");

    /** {@code resources:VGPU}, or with the suffix of a group, {@code resources1:VGPU} or {@code resources_GPU:VGPU}. */
    private static final Pattern DEVICES =
            Pattern.compile("resources[A-Za-z0-9_-]*:(VGPU|PGPU|VGPU_DISPLAY_HEAD|PCI_DEVICE|CUSTOM_.*VGPU.*)");

    private static final Pattern VGPU_TRAIT = Pattern.compile("trait[A-Za-z0-9_-]*:.*VGPU.*");

    /** With these, Nova stores the secret of a TPM where another host can read it, and can live-migrate the server. */
    private static final Set<String> MOVABLE_TPM_SECRETS = Set.of("host", "deployment");

    private FlavorLimits() {}

    /** Returns the extra spec that rules out live migration, as {@code key=value}, or nothing. */
    static Optional<String> obstacle(Map<String, String> specs) {
        return specs.entrySet().stream()
                .filter(spec -> rulesOut(spec.getKey(), spec.getValue(), specs))
                .map(spec -> spec.getKey() + "=" + spec.getValue())
                .min(Comparator.naturalOrder());
    }

    private static boolean rulesOut(String key, String value, Map<String, String> specs) {
        return switch (key) {
            case "pci_passthrough:alias", "accel:device_profile" -> !value.isBlank();
            case "hw:mem_encryption" -> TRUE.contains(value.toLowerCase(Locale.ROOT));
            case "hw:tpm_version", "hw:tpm_model", "hw:vtpm" ->
                !MOVABLE_TPM_SECRETS.contains(specs.getOrDefault("hw:tpm_secret_security", "user"));
            default ->
                (DEVICES.matcher(key).matches() && !"0".equals(value))
                        || (VGPU_TRAIT.matcher(key).matches() && "required".equals(value));
        };
    }
}
