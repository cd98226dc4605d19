package io.github.godwit.host.driver;

import io.github.godwit.host.profile.VmProfileCache;
import io.github.godwit.host.profile.rules.ProfilingRules;
import io.github.godwit.host.profile.rules.ProfilingRules.Means;
import io.github.godwit.host.vm.Vm;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Keeps VMs from being profiled: those that the operator excludes, and those in a migration, because QEMU tracks dirty pages for the
 * migration then.
 */
final class ProfilingGuard implements VmProfileCache.Guard {

    private final ProfilingRules rules;
    private final Function<String, Optional<String>> flavors;
    private final boolean libvirt;
    private volatile Predicate<Vm> leaving = vm -> false;
    private volatile BooleanSupplier migrating = () -> false;

    /**
     * Creates a guard that does not know the migrations of this host driver yet.
     *
     * @param rules   what the operator decides
     * @param flavors the name of a VM's flavor, by the VM's name
     * @param libvirt whether libvirt owns the VMs
     */
    ProfilingGuard(ProfilingRules rules, Function<String, Optional<String>> flavors, boolean libvirt) {
        this.rules = rules;
        this.flavors = flavors;
        this.libvirt = libvirt;
    }

    /** Sets which VMs this host driver has begun to send away. */
    void leaving(Predicate<Vm> vms) {
        leaving = vms;
    }

    /** Sets whether VMs leave this host or arrive. */
    void migrating(BooleanSupplier any) {
        migrating = any;
    }

    /** A migration, and Nova's work around it, need the CPU time that profiles would take. */
    @Override
    public boolean isBusy() {
        return migrating.getAsBoolean();
    }

    @Override
    public Optional<String> prohibition(Vm vm) {
        return rules.objection(vm.name(), () -> flavors.apply(vm.name()));
    }

    @Override
    public Optional<String> objection(Vm vm) {
        try {
            return leaving.test(vm) || vm.inMigration() ? Optional.of("it is being migrated") : Optional.empty();
        } catch (IOException e) {
            return Optional.of("it is not known whether it is being migrated: " + e.getMessage());
        }
    }

    @Override
    public boolean usesMonitor() {
        return rules.means() == Means.MONITOR;
    }

    /** Whether the monitor of a VM may be used now for what QEMU itself says about its migration. */
    boolean mayAsk(Vm vm) {
        return usesMonitor() && prohibition(vm).or(() -> objection(vm)).isEmpty();
    }

    /** How a VM is profiled, for its status: by what, and whether libvirt marks it as tainted therefore; or why it is not. */
    String description(Vm vm) {
        return prohibition(vm)
                .map(why -> "off: " + why)
                .orElseGet(() -> rules.means().name().toLowerCase(Locale.ROOT)
                        + (libvirt && usesMonitor() ? ", which marks the domain as tainted in libvirt" : ""));
    }
}
