package io.github.godwit.host.probe;

import java.util.ArrayList;
import java.util.List;

/**
 * The user as which libvirt runs QEMU, without any capability ({@code clear_emulator_capabilities} of qemu.conf is 1 by default).
 *
 * @param uid         user id
 * @param gid         group id
 * @param userfaultfd whether libvirt gives QEMU access to {@code /dev/userfaultfd}
 */
public record QemuAccount(long uid, long gid, Grant userfaultfd) {

    /** Whether libvirt gives QEMU access to {@code /dev/userfaultfd}, as 10.1 and newer do inside QEMU's own mount namespace. */
    public enum Grant {
        /** It does. */
        YES,
        /** It does not: it is older, or does not use mount namespaces. */
        NO,
        /** It is new enough, but without a VM on this host it is unknown whether it uses mount namespaces. Counts as no. */
        UNKNOWN
    }

    /** With this capability the kernel permits userfaultfd to any user: it stands for the access that libvirt gives later. */
    private static final String INSTEAD_OF_DEVICE = "sys_ptrace";

    /**
     * The command that starts a program as this user: setpriv of util-linux.
     *
     * @param groups {@code --init-groups} for the groups of the user, as libvirt does, or {@code --clear-groups} for a user id without
     *               name
     */
    List<String> command(String groups) {
        List<String> command = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=" + uid,
                "--regid=" + gid,
                groups,
                "--inh-caps=-all" + more(),
                "--bounding-set=-all" + more(),
                "--no-new-privs"));
        if (granted()) {
            command.add("--ambient-caps=+" + INSTEAD_OF_DEVICE);
        }
        return command;
    }

    /** Whether it is certain that libvirt gives QEMU access to the device. */
    boolean granted() {
        return userfaultfd == Grant.YES;
    }

    private String more() {
        return granted() ? ",+" + INSTEAD_OF_DEVICE : "";
    }

    /** For messages, such as {@code uid 64055, gid 994}. */
    String describe() {
        return "uid %d, gid %d".formatted(uid, gid);
    }
}
