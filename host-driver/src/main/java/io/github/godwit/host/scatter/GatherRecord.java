package io.github.godwit.host.scatter;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.host.scatter.store.BatchStore;
import io.github.godwit.host.scatter.stream.RamBlocks;
import io.github.godwit.host.scatter.stream.SourceStream.Layout;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.hostapi.scatter.ScatterOrder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What a destination needs to fetch the rest of the pages after a restart. It is on disk before the source learns that it is free. How many
 * batches there are it says only if the source has said so before its host driver was gone; the intermediaries know it as well
 * ({@link BatchCount}).
 *
 * @param migration id of the migration
 * @param order     the intermediaries and the copies
 * @param batches   number of batches; null if it was not known yet
 * @param blocks    the memory
 * @param section   id of its section in QEMU's stream
 * @param footers   whether sections have footers
 */
public record GatherRecord(
        String migration, ScatterOrder order, Integer batches, List<RamBlock> blocks, int section, boolean footers) {

    private static final ObjectMapper JSON = WireJson.mapper();

    /**
     * A block of memory.
     *
     * @param name  QEMU's name for it
     * @param pages its size in pages of 4 KiB
     */
    public record RamBlock(String name, int pages) {}

    static GatherRecord of(ScatterTerms terms, Layout layout, Integer batches) {
        return new GatherRecord(
                terms.migration(),
                new ScatterOrder(
                        terms.stores().stream().map(BatchStore.Factory::name).toList(), terms.copies(), terms.zstd()),
                batches,
                layout.blocks().blocks().stream()
                        .map(block -> new RamBlock(block.name(), block.pages()))
                        .toList(),
                layout.section(),
                layout.footers());
    }

    Layout layout() {
        return new Layout(
                new RamBlocks(blocks.stream()
                        .map(block -> new RamBlocks.Block(block.name(), block.pages()))
                        .toList()),
                section,
                footers);
    }

    /** The record in a file. */
    public static GatherRecord read(Path file) throws IOException {
        return JSON.readValue(file.toFile(), GatherRecord.class);
    }

    /** Writes the record, so that it is there after a crash. */
    void write(Path file) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(JSON.writeValueAsBytes(this)));
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
