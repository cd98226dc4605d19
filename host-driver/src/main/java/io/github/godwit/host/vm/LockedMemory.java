package io.github.godwit.host.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a process may lock memory, which the kernel counts for pages that are sent without a copy. */
public final class LockedMemory {

    private static final Pattern SOFT_LIMIT = Pattern.compile("Max locked memory\\s+(\\S+)");
    private static final Pattern CAPABILITIES = Pattern.compile("CapEff:\\s+([0-9a-fA-F]+)");

    /** CAP_IPC_LOCK: no limit holds. */
    private static final long IPC_LOCK = 1L << 14;

    private static final int HEX = 16;

    private LockedMemory() {}

    /**
     * Whether a process may lock this much.
     *
     * @param process its directory in /proc
     * @return false also if it cannot be read
     */
    public static boolean permits(Path process, long bytes) {
        try {
            return permits(
                    Files.readString(process.resolve("limits")), Files.readString(process.resolve("status")), bytes);
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether a process with these {@code limits} and {@code status} may lock this much. */
    static boolean permits(String limits, String status, long bytes) {
        Matcher effective = CAPABILITIES.matcher(status);
        if (effective.find() && (Long.parseUnsignedLong(effective.group(1), HEX) & IPC_LOCK) != 0) {
            return true;
        }
        Matcher soft = SOFT_LIMIT.matcher(limits);
        return soft.find() && (soft.group(1).equals("unlimited") || Long.parseLong(soft.group(1)) >= bytes);
    }
}
