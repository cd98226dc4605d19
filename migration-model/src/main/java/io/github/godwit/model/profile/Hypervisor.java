package io.github.godwit.model.profile;

import java.util.Locale;

/** What runs the migrations of a host: QEMU alone, ordered by its monitor, or libvirt, which adds its own work to each. */
public enum Hypervisor {
    /** Plain QEMU. */
    QEMU,
    /** QEMU under libvirt, with Nova or without. */
    LIBVIRT;

    /** Its name in files and options: {@code qemu} or {@code libvirt}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Parses the name of a hypervisor, in any case.
     *
     * @throws IllegalArgumentException when there is no hypervisor of that name
     */
    public static Hypervisor parse(String name) {
        for (Hypervisor hypervisor : values()) {
            if (hypervisor.id().equals(name.strip().toLowerCase(Locale.ROOT))) {
                return hypervisor;
            }
        }
        throw new IllegalArgumentException("There is no hypervisor '%s'. Choose qemu or libvirt.".formatted(name));
    }
}
