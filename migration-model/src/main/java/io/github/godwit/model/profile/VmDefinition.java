package io.github.godwit.model.profile;

import io.github.godwit.model.unit.MemorySize;
import java.util.regex.Pattern;

/**
 * Everything that a host driver without libvirt needs to start the same VM on the source and on the destination.
 *
 * @param name            letters, digits, dot, dash and underscore, at most 63, starting with a letter or digit
 * @param memory          guest memory, whole MiB, from 16 MiB
 * @param vcpus           virtual CPUs, 1 to 64
 * @param image           file name of the guest's kernel in the host driver's image directory, without a path
 * @param kernelArguments the kernel's command line, may be empty
 * @param accelerator     how QEMU runs the VM
 * @param dirtyRingSize   entries of KVM's dirty ring for each vCPU, a power of two from 1024; 0 for none
 * @param diskBytes       bytes that its disks occupy on a local file system of its host, which a migration has to copy; 0 if it has none,
 *                        or if that is unknown
 * @param nic             its network interface; null if it has none
 * @param initrd          file name of the kernel's initial RAM disk in the image directory, without a path; null if it needs none
 * @param machine         QEMU's machine type, for example {@code pc-i440fx-10.0}; null for the newest {@code pc} of the QEMU that boots it.
 *                        QEMU refuses to migrate a VM to another type, and an older QEMU does not know a newer type
 */
public record VmDefinition(
        String name,
        MemorySize memory,
        int vcpus,
        String image,
        String kernelArguments,
        Accelerator accelerator,
        int dirtyRingSize,
        long diskBytes,
        VmNic nic,
        String initrd,
        String machine) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    /**
     * @throws IllegalArgumentException when a value is missing or out of its range
     */
    public VmDefinition {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "'%s' is not a VM name. Use up to 63 letters, digits, dots, dashes or underscores."
                            .formatted(name));
        }
        if (memory == null || memory.bytes() < 16 << 20 || memory.bytes() % (1 << 20) != 0) {
            throw new IllegalArgumentException(
                    "The memory of VM '%s' (%s) must be whole MiB, at least 16M.".formatted(name, memory));
        }
        if (vcpus < 1 || vcpus > 64) {
            throw new IllegalArgumentException(
                    "The vcpus of VM '%s' (%d) must be from 1 to 64.".formatted(name, vcpus));
        }
        if (image == null || !NAME.matcher(image).matches()) {
            throw new IllegalArgumentException(
                    "The image of VM '%s' (%s) must be a file name in the image directory, without a path."
                            .formatted(name, image));
        }
        if (accelerator == null) {
            throw new IllegalArgumentException("The accelerator of VM '%s' is missing.".formatted(name));
        }
        kernelArguments = kernelArguments == null ? "" : kernelArguments;
        boolean ring = dirtyRingSize >= 1024 && dirtyRingSize <= 65536 && Integer.bitCount(dirtyRingSize) == 1;
        if (dirtyRingSize != 0 && !(ring && accelerator == Accelerator.KVM)) {
            throw new IllegalArgumentException(
                    "The dirtyRingSize of VM '%s' (%d) must be 0, or under KVM a power of two from 1024 to 65536."
                            .formatted(name, dirtyRingSize));
        }
        if (diskBytes < 0) {
            throw new IllegalArgumentException(
                    "The diskBytes of VM '%s' (%d) must not be negative.".formatted(name, diskBytes));
        }
        if (initrd != null && !NAME.matcher(initrd).matches()) {
            throw new IllegalArgumentException(
                    "The initrd of VM '%s' (%s) must be a file name in the image directory, without a path."
                            .formatted(name, initrd));
        }
        if (machine != null && !NAME.matcher(machine).matches()) {
            throw new IllegalArgumentException(
                    "The machine of VM '%s' (%s) must be a machine type of QEMU, for example pc-i440fx-7.2."
                            .formatted(name, machine));
        }
    }

    /** Whether a text, or null, is the name of a VM. */
    public static boolean isName(String text) {
        return text != null && NAME.matcher(text).matches();
    }

    /** A VM without a network interface. */
    public VmDefinition(
            String name,
            MemorySize memory,
            int vcpus,
            String image,
            String kernelArguments,
            Accelerator accelerator,
            int dirtyRingSize,
            long diskBytes) {
        this(name, memory, vcpus, image, kernelArguments, accelerator, dirtyRingSize, diskBytes, null, null, null);
    }

    /** A VM without local disks and without a network interface. */
    public VmDefinition(
            String name,
            MemorySize memory,
            int vcpus,
            String image,
            String kernelArguments,
            Accelerator accelerator,
            int dirtyRingSize) {
        this(name, memory, vcpus, image, kernelArguments, accelerator, dirtyRingSize, 0);
    }

    /** The same VM, whose local disks occupy so many bytes. */
    public VmDefinition withDiskBytes(long bytes) {
        return new VmDefinition(
                name, memory, vcpus, image, kernelArguments, accelerator, dirtyRingSize, bytes, nic, initrd, machine);
    }

    /** The same VM with a machine type. */
    public VmDefinition withMachine(String type) {
        return new VmDefinition(
                name, memory, vcpus, image, kernelArguments, accelerator, dirtyRingSize, diskBytes, nic, initrd, type);
    }
}
