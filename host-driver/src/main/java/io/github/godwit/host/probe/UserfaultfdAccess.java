package io.github.godwit.host.probe;

import io.github.godwit.host.probe.QemuAccount.Grant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Who may use userfaultfd on this host, which post-copy needs on the destination. The kernel permits it to everybody with
 * {@code vm.unprivileged_userfaultfd=1}, to whom may open {@code /dev/userfaultfd} (Linux 6.1), and to holders of CAP_SYS_PTRACE.
 *
 * @param everybody whether the sysctl permits it to everybody; also true if the kernel is older than the sysctl (5.2)
 * @param device    whether {@code /dev/userfaultfd} exists
 * @param uid       owner of the device
 * @param gid       group of the device
 * @param mode      permission bits of the device
 */
public record UserfaultfdAccess(boolean everybody, boolean device, long uid, long gid, int mode) {

    private static final int OWNER = 0600;
    private static final int GROUP = 0060;
    private static final int OTHERS = 0006;

    /** The access on this machine. */
    static UserfaultfdAccess read() {
        return read(Path.of("/proc/sys/vm/unprivileged_userfaultfd"), Path.of("/dev/userfaultfd"));
    }

    static UserfaultfdAccess read(Path sysctl, Path device) {
        boolean everybody;
        try {
            everybody = !Files.readString(sysctl).trim().equals("0");
        } catch (IOException e) {
            everybody = true; // before Linux 5.2
        }
        try {
            Map<String, Object> found = Files.readAttributes(device, "unix:uid,gid,mode");
            return new UserfaultfdAccess(
                    everybody,
                    true,
                    ((Integer) found.get("uid")).longValue(),
                    ((Integer) found.get("gid")).longValue(),
                    (Integer) found.get("mode") & 0777);
        } catch (IOException e) {
            return new UserfaultfdAccess(everybody, false, 0, 0, 0);
        }
    }

    /** Whether a QEMU of this account gets a userfaultfd. Supplementary groups are not considered. */
    boolean permits(QemuAccount account) {
        if (everybody || (account.granted() && device)) {
            return true;
        }
        return device && (all(OTHERS) || (account.uid() == uid && all(OWNER)) || (account.gid() == gid && all(GROUP)));
    }

    private boolean all(int bits) {
        return (mode & bits) == bits;
    }

    /** What an operator can do for post-copy, to be added to QEMU's own message. */
    String advice(QemuAccount account) {
        String unknown = device && account.userfaultfd() == Grant.UNKNOWN
                ? " Whether libvirt gives QEMU access to it is known as soon as a server runs on this host."
                : "";
        return "QEMU runs as %s without capabilities, vm.unprivileged_userfaultfd is 0, and %s.%s Set vm.unprivileged_userfaultfd=1, or %s (docs/operators.md, Techniques that a server cannot use)"
                .formatted(
                        account.describe(),
                        device ? "it has no access to /dev/userfaultfd" : "there is no /dev/userfaultfd",
                        unknown,
                        device
                                ? "give it read and write access to /dev/userfaultfd"
                                : "upgrade to Linux 6.1, which has /dev/userfaultfd");
    }
}
