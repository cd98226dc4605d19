package io.github.godwit.model.profile;

import java.util.Locale;

/** How QEMU runs a guest's instructions; {@code -accel} of QEMU, {@code virt_type} of Nova (where TCG is {@code qemu}). */
public enum Accelerator {
    /** On the processor, through Linux's {@code /dev/kvm}. */
    KVM,
    /** Translated by QEMU, on any machine, several times slower. */
    TCG;

    /** QEMU's name of it: {@code kvm} or {@code tcg}. */
    public String qemuName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Parses QEMU's name of an accelerator, in any case.
     *
     * @throws IllegalArgumentException when there is no accelerator of that name
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
