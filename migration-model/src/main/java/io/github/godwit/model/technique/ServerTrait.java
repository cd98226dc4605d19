package io.github.godwit.model.technique;

/**
 * What a VM can have that rules out a migration, or post-copy. From libvirt's checks before a migration (src/qemu/qemu_migration.c,
 * {@code qemuMigrationSrcIsAllowed}) and from those of QEMU's destination before post-copy (migration/postcopy-ram.c,
 * {@code postcopy_ram_supported_by_host}).
 */
public enum ServerTrait {
    /** A device of the host that QEMU does not emulate: PCI, mdev, SCSI, vDPA. VFIO refuses post-copy also where it can be migrated. */
    HOST_DEVICE(Rule.ASK_QEMU, "a device of its host"),
    /** A directory of the host over 9p: QEMU refuses a migration while the guest has it mounted. */
    HOST_DIRECTORY(Rule.ASK_QEMU, "a directory of its host over 9p"),
    /** A directory of the host over virtiofs, with a libvirt that can migrate it if its virtiofsd can. */
    VIRTIOFS(Rule.ASK_QEMU, "a directory of its host over virtiofs"),
    /** Virtiofs, with a libvirt that never migrates it. */
    VIRTIOFS_OF_OLD_LIBVIRT(Rule.NEVER, "virtiofs, which libvirt before 10.0 does not migrate"),
    /** The TPM of the host. An emulated one can be migrated. */
    HOST_TPM(Rule.ASK_QEMU, "the TPM of its host"),
    /** Memory that is shared with others on the host (shmem with role peer). */
    SHARED_MEMORY_DEVICE(Rule.NEVER, "a shared memory device (shmem) that does not belong to it"),
    /** Memory that the host cannot read: SEV, SEV-SNP, TDX, Secure Execution. */
    ENCRYPTED_MEMORY(Rule.NEVER, "encrypted memory"),
    /** A disk whose writes are dropped when the VM ends. */
    TRANSIENT_DISK(Rule.NEVER, "a transient disk"),
    /** An invariant TSC without a fixed frequency. */
    INVARIANT_TSC(Rule.NEVER, "an invariant TSC (invtsc) without a TSC frequency"),
    /** Persistent memory (vPMEM): post-copy works only with files on tmpfs or hugetlbfs. */
    PERSISTENT_MEMORY(Rule.NO_POST_COPY, "persistent memory, whose file is neither on tmpfs nor on hugetlbfs"),
    /** Memory in a file of the host's file system. */
    FILE_MEMORY(Rule.NO_POST_COPY, "memory in a file, which has to be on tmpfs or hugetlbfs for post-copy"),
    /** A device in another process of the host, such as Open vSwitch with DPDK, that would have to support post-copy too. */
    VHOST_USER(Rule.NO_POST_COPY, "a vhost-user device, which may not support post-copy"),
    /** Pages of 1 GiB: one takes about a second at 10 Gbit/s, and the VM waits for all of it (QEMU, docs/devel/migration/postcopy). */
    GIGANTIC_PAGES(Rule.NO_POST_COPY, "huge pages of 1 GiB, each of which the VM would wait for as a whole"),
    /** QEMU's capability {@code x-ignore-shared}, which it cannot combine with post-copy. */
    IGNORES_SHARED_MEMORY(Rule.NO_POST_COPY, "x-ignore-shared turned on in its QEMU");

    /** What follows from a trait. */
    enum Rule {
        /** The VM cannot be migrated. */
        NEVER,
        /** It can be migrated only if its QEMU reports no reason against it, and not by post-copy. */
        ASK_QEMU,
        /** It cannot be migrated by post-copy. */
        NO_POST_COPY
    }

    private final Rule rule;
    private final String words;

    ServerTrait(Rule rule, String words) {
        this.rule = rule;
        this.words = words;
    }

    Rule rule() {
        return rule;
    }

    /** The end of a sentence that begins with "it has". */
    String words() {
        return words;
    }
}
