package io.github.godwit.host.probe;

import java.util.ArrayList;
import java.util.List;

/**
 * The user as which libvirt runs QEMU, without any capability ({@code clear_emulator_capabilities} of qemu.conf is 1 by default).
 *
 * @param uid         user id
 * @param gid         group id
 * @param userfaultfd whether libvirt gives QEMU access to {@code /dev/userfaultfd} for a migration with post-copy, as libvirt 10.1 and
 *                    newer do inside QEMU's own mount namespace
 */
public record QemuAccount(long uid, long gid, boolean userfaultfd) {

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
        if (userfaultfd) {
            command.add("--ambient-caps=+" + INSTEAD_OF_DEVICE);
        }
        return command;
    }

    private String more() {
        return userfaultfd ? ",+" + INSTEAD_OF_DEVICE : "";
    }

    /** For messages, such as {@code uid 64055, gid 994}. */
    String describe() {
        return "uid %d, gid %d".formatted(uid, gid);
    }
}
