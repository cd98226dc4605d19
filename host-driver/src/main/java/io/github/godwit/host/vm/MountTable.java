package io.github.godwit.host.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The file systems that a process sees, from its {@code mountinfo}. Asking the table does not touch the file systems, one of which may hang.
 */
public final class MountTable {

    /** Types that other hosts can mount too, as libvirt's {@code virFileIsSharedFSType} and others. */
    private static final Set<String> SHARED = Set.of(
            "nfs",
            "nfs4",
            "cifs",
            "smb3",
            "smbfs",
            "ceph",
            "glusterfs",
            "gfs2",
            "ocfs2",
            "gpfs",
            "lustre",
            "afs",
            "beegfs",
            "acfs",
            "9p",
            "virtiofs",
            "orangefs",
            "pvfs2");

    private static final String USER_SPACE = "fuse.";
    private static final int MOUNT_POINT = 4;

    private record Mount(Path point, String type) {}

    private final List<Mount> mounts = new ArrayList<>();

    /** Reads the lines of a {@code /proc/PID/mountinfo}; a line that is not understood is left out. */
    MountTable(List<String> lines) {
        for (String line : lines) {
            String[] halves = line.split(" - ", 2);
            String[] fields = halves[0].split(" ", -1);
            if (halves.length == 2 && fields.length > MOUNT_POINT) {
                mounts.add(new Mount(
                        Path.of(unescaped(fields[MOUNT_POINT])), halves[1].split(" ", 2)[0]));
            }
        }
    }

    /**
     * The table of a process.
     *
     * @throws IOException if it cannot be read
     */
    public static MountTable of(Path proc, long pid) throws IOException {
        return new MountTable(
                Files.readAllLines(proc.resolve(Long.toString(pid)).resolve("mountinfo")));
    }

    /** The kernel writes a space, a tab, a newline and a backslash in octal. */
    private static String unescaped(String text) {
        return text.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }

    /** Whether a file is on a file system that other hosts cannot see. A path that is not absolute, or without a mount, is not. */
    public boolean isLocal(Path file) {
        Mount best = null;
        for (Mount mount : mounts) {
            // Of two mounts at one point the later one hides the other.
            if (file.normalize().startsWith(mount.point())
                    && (best == null
                            || mount.point().getNameCount() >= best.point().getNameCount())) {
                best = mount;
            }
        }
        return best != null && !SHARED.contains(best.type()) && !best.type().startsWith(USER_SPACE);
    }
}
