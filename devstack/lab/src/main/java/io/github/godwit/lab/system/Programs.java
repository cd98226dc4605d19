package io.github.godwit.lab.system;

import io.github.godwit.lab.LabException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Paths of the programs and files of this checkout, whose root the launcher sets in the property {@code godwit.root}. */
public final class Programs {

    private Programs() {}

    /** Launcher of the host driver. */
    public static Path hostDriver() {
        return existing("host-driver/bin/godwit-host");
    }

    /** Launcher of the service. */
    public static Path strategy() {
        return existing("watcher-strategy/bin/godwit-strategy");
    }

    /** Directory of the lab's guest, {@code guest.elf}. */
    public static Path images() {
        return existing("devstack/lab/target/images/guest.elf").getParent();
    }

    /** Builder of the images of Linux guests. */
    public static Path linuxGuest() {
        return existing("devstack/lab/bin/linux-guest");
    }

    private static Path existing(String relative) {
        String root = System.getProperty("godwit.root");
        if (root == null) {
            throw new LabException("The property godwit.root is not set. Start the lab with devstack/lab/bin/lab.");
        }
        Path path = Path.of(root).resolve(relative).normalize();
        if (!Files.exists(path)) {
            throw new LabException("%s is missing. Build the project first; devstack/quickstart does.".formatted(path));
        }
        return path;
    }
}
