package io.github.godwit.strategy.cluster;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The hypervisor of a host and its CPU, as far as live migration depends on them.
 *
 * @param type    type of the hypervisor, such as QEMU
 * @param version its version as Nova's driver encodes it, for QEMU 1,000,000 × major + 1,000 × minor + micro
 * @param arch    architecture of the CPU, such as x86_64, or null if Nova does not report it
 * @param vendor  vendor of the CPU, such as Intel, or null
 * @param model   libvirt's name of the CPU model, or null
 */
public record Platform(String type, long version, String arch, String vendor, String model) {

    private static final long MAJOR = 1_000_000;
    private static final long MINOR = 1_000;

    /**
     * Returns the reason why a VM cannot be live-migrated from here, without a full stop, or nothing. Nova wants the same type and no
     * older version ({@code nova/conductor/tasks/live_migrate.py}); KVM has no guest run on a CPU of another architecture or vendor.
     *
     * @param from name of this host
     * @param to   name of the destination
     * @param there the destination
     */
    Optional<String> obstacle(String from, String to, Platform there) {
        if (!type.equals(there.type)) {
            return Optional.of("%s is a host of type %s, but %s of type %s".formatted(to, there.type, from, type));
        }
        if (version > there.version) {
            return Optional.of("%s has %s %s, which is older than %s on %s, and Nova does not migrate to an older one"
                    .formatted(to, type, there.release(), release(), from));
        }
        if (differ(arch, there.arch) || differ(vendor, there.vendor)) {
            return Optional.of("the CPU of %s is %s, but that of %s is %s".formatted(to, there.cpu(), from, cpu()));
        }
        return Optional.empty();
    }

    private static boolean differ(String here, String there) {
        return here != null && there != null && !here.equals(there);
    }

    /** Describes the CPU, such as "Intel Haswell (x86_64)". */
    public String cpu() {
        String name = Stream.of(vendor, model).filter(Objects::nonNull).collect(Collectors.joining(" "));
        return arch == null ? name : name.isEmpty() ? arch : "%s (%s)".formatted(name, arch);
    }

    private String release() {
        return "%d.%d.%d".formatted(version / MAJOR, version % MAJOR / MINOR, version % MINOR);
    }
}
