package io.github.godwit.model.profile;

import java.util.Locale;

/** How QEMU runs a guest's instructions; {@code -accel} of QEMU, {@code virt_type} of Nova (where TCG is {@code qemu}). */
public enum Accelerator {
    /** By the processor itself, through Linux's {@code /dev/kvm}. */
    KVM,
    /** By translation in QEMU, on any machine, several times slower. */
    TCG;

    /** QEMU's name for it: {@code kvm} or {@code tcg}. */
    public String qemuName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads QEMU's name for it.
     *
     * @throws IllegalArgumentException when there is none of that name
     */
    public static Accelerator parse(String name) {
        for (Accelerator accelerator : values()) {
            if (accelerator.qemuName().equals(name.strip().toLowerCase(Locale.ROOT))) {
                return accelerator;
            }
        }
        throw new IllegalArgumentException("There is no accelerator '%s'. Choose kvm or tcg.".formatted(name));
    }
}
