package io.github.godwit.host.profile;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of guest memory in QEMU's address space.
 *
 * @param name    QEMU's name of the block, for example {@code pc.ram}
 * @param address its first address in the QEMU process
 * @param bytes   its size in bytes
 */
public record RamBlock(String name, long address, long bytes) {

    /** Name, page size, offset, used and total; since QEMU 8.0 the address and whether it is read-only. */
    private static final Pattern LINE =
            Pattern.compile("\\s*(\\S.*?)\\s+\\d+ \\S+\\s+0x\\p{XDigit}+\\s+0x(\\p{XDigit}+)"
                    + "\\s+0x\\p{XDigit}+(?:\\s+0x(\\p{XDigit}+)(?:\\s+(ro|rw))?)?\\s*");

    /** A line of the table; without an address before QEMU 8.0. */
    record Row(String name, long bytes, OptionalLong address) {

        private RamBlock at(long from) {
            return new RamBlock(name, from, bytes);
        }
    }

    /**
     * Finds the guest's memory by {@code x-query-ramblock} (QEMU 6.2 or later): the largest writable blocks that together have the
     * configured size. QEMU before 8.0 does not print where they are, so that they are found by their sizes.
     *
     * @param qmp     the VM's monitor
     * @param memory  the configured size of the guest's memory
     * @param process the VM's process in procfs
     * @param timeout of the QMP command
     * @throws QmpException if the command fails, if the blocks are smaller than the configured size, or one is not found in the process
     * @throws IOException  if the process has ended
     */
    static List<RamBlock> of(Monitor qmp, MemorySize memory, Path process, Duration timeout) throws IOException {
        JsonNode answer = qmp.execute("x-query-ramblock", Map.of(), timeout);
        List<Row> rows = new ArrayList<>();
        long found = 0;
        for (Row row : parse(answer.path("human-readable-text").asText())) {
            if (found < memory.bytes()) {
                rows.add(row);
                found += row.bytes();
            }
        }
        if (found < memory.bytes()) {
            throw new QmpException(
                    "x-query-ramblock shows %d bytes of writable memory, but the VM has %s; this QEMU may print another format."
                            .formatted(found, memory),
                    true,
                    null);
        }
        return rows.stream().allMatch(row -> row.address().isPresent())
                ? rows.stream().map(row -> row.at(row.address().getAsLong())).toList()
                : bySize(rows, new MemoryMappings(process));
    }

    private static List<RamBlock> bySize(List<Row> rows, MemoryMappings mappings) throws QmpException {
        List<RamBlock> blocks = new ArrayList<>();
        for (Row row : rows) {
            OptionalLong from = mappings.take(row.bytes());
            if (from.isEmpty()) {
                throw new QmpException(
                        "QEMU does not print where its block %s is, and has no memory of its %d bytes."
                                .formatted(row.name(), row.bytes()),
                        /* refused= */ true,
                        null);
            }
            blocks.add(row.at(from.getAsLong()));
        }
        return blocks;
    }

    /** Parses the writable blocks of {@code x-query-ramblock}, largest first. */
    static List<Row> parse(String table) {
        return table.lines()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .filter(line -> !"ro".equals(line.group(4)))
                .map(line -> new Row(
                        line.group(1),
                        Long.parseLong(line.group(2), 16),
                        line.group(3) == null
                                ? OptionalLong.empty()
                                : OptionalLong.of(Long.parseLong(line.group(3), 16))))
                .sorted(Comparator.comparingLong(Row::bytes).reversed())
                .toList();
    }
}
