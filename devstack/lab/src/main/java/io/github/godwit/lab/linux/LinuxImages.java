package io.github.godwit.lab.linux;

import io.github.godwit.lab.system.CommandRunner;
import io.github.godwit.lab.system.Programs;
import io.github.godwit.lab.system.SystemCommands;
import java.time.Duration;

/**
 * The kernel and the initial RAM disks of the Linux guests. They are built from Debian packages at first use, so that no file of a
 * package is in the project.
 */
public final class LinuxImages {

    /** File of the kernel in the image directory. */
    public static final String KERNEL = "linux-kernel";

    /** A slow mirror may need minutes for the kernel's package of 40 MB. */
    private static final Duration TIMEOUT = Duration.ofMinutes(6);

    private final CommandRunner commands;

    /** The images of this checkout. */
    public LinuxImages() {
        this(new SystemCommands(TIMEOUT));
    }

    LinuxImages(CommandRunner commands) {
        this.commands = commands;
    }

    /** Builds what a workload needs, unless it exists: {@link #KERNEL} and {@link #initrd}. */
    public void build(LinuxWorkload workload) {
        commands.run(
                Programs.linuxGuest().toString(),
                workload.program(),
                Programs.images().toString());
    }

    /** File of a workload's initial RAM disk in the image directory. */
    public static String initrd(LinuxWorkload workload) {
        return "linux-%s.initrd".formatted(workload.program());
    }
}
