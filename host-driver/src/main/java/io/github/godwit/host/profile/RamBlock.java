package io.github.godwit.host.profile;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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

    /** Name, page size, offset, used, total, address, and in later versions of QEMU the last column. */
    private static final Pattern LINE = Pattern.compile(
            "\\s*(\\S.*?)\\s+\\d+ \\S+\\s+0x\\p{XDigit}+\\s+0x(\\p{XDigit}+)\\s+0x\\p{XDigit}+\\s+0x(\\p{XDigit}+)(?:\\s+(ro|rw))?\\s*");

    /**
     * Finds the guest's memory by {@code x-query-ramblock} (QEMU 6.2 or later): the largest writable blocks that together have the
     * configured size.
     *
     * @param qmp     the VM's monitor
     * @param memory  the configured size of the guest's memory
     * @param timeout of the QMP command
     * @throws QmpException if the command fails, or if the blocks are smaller than the configured size
     */
    public static List<RamBlock> of(Monitor qmp, MemorySize memory, Duration timeout) throws QmpException {
        JsonNode answer = qmp.execute("x-query-ramblock", Map.of(), timeout);
        List<RamBlock> blocks = new ArrayList<>();
        long found = 0;
        for (RamBlock block : parse(answer.path("human-readable-text").asText())) {
            if (found < memory.bytes()) {
                blocks.add(block);
                found += block.bytes();
            }
        }
        if (found < memory.bytes()) {
            throw new QmpException(
                    "x-query-ramblock shows %d bytes of writable memory, but the VM has %s; this QEMU may print another format."
                            .formatted(found, memory),
                    true,
                    null);
        }
        return blocks;
    }

    /** Parses the writable blocks of {@code x-query-ramblock}, largest first. */
    static List<RamBlock> parse(String table) {
        return table.lines()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .filter(line -> !"ro".equals(line.group(4)))
                .map(line -> new RamBlock(
                        line.group(1), Long.parseLong(line.group(3), 16), Long.parseLong(line.group(2), 16)))
                .sorted(Comparator.comparingLong(RamBlock::bytes).reversed())
                .toList();
    }
}
