package io.github.godwit.host.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The writable mappings of a process, to find blocks of guest memory by their sizes. */
final class MemoryMappings {

    /** Start, end and permissions of a writable mapping in {@code /proc/PID/maps}. */
    private static final Pattern WRITABLE = Pattern.compile("(\\p{XDigit}+)-(\\p{XDigit}+) rw-[ps] .*");

    private final List<Mapping> left = new ArrayList<>();

    private record Mapping(long from, long bytes) {}

    /**
     * Reads the mappings as they are now.
     *
     * @param process directory of the process in procfs
     * @throws IOException if the process has ended, or its mappings may not be read
     */
    MemoryMappings(Path process) throws IOException {
        for (String line : Files.readAllLines(process.resolve("maps"))) {
            Matcher mapping = WRITABLE.matcher(line);
            if (mapping.matches()) {
                long from = Long.parseUnsignedLong(mapping.group(1), 16);
                left.add(new Mapping(from, Long.parseUnsignedLong(mapping.group(2), 16) - from));
            }
        }
    }

    /** Takes the first mapping of exactly this size: returns its address, and does not find it again. */
    OptionalLong take(long bytes) {
        for (Mapping mapping : left) {
            if (mapping.bytes() == bytes) {
                left.remove(mapping);
                return OptionalLong.of(mapping.from());
            }
        }
        return OptionalLong.empty();
    }
}
