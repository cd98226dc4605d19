package io.github.godwit.host.scatter;

import io.github.godwit.host.scatter.stream.RamBlocks;
import io.github.godwit.host.scatter.stream.RamBlocks.Block;
import io.github.godwit.host.scatter.stream.StreamException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Which pages are stored where, which the destination waits for, and which it has. Thread-safe: the threads of a {@link Gatherer} meet here.
 */
final class PageTable {

    /** Of heap, for each page of the VM: its place, and its part of the index of a batch. */
    static final int BYTES_PER_PAGE = 25;

    private static final int NOWHERE = -1;

    private final RamBlocks blocks;
    private final Placement placement;
    private final List<int[]> batches = new ArrayList<>();
    private final List<short[]> entries = new ArrayList<>();
    private final List<BitSet> delivered = new ArrayList<>();
    private final List<BitSet> wanted = new ArrayList<>();
    private final List<BitSet> untaken = new ArrayList<>();
    private final List<PageBatch.Index> indexes = new ArrayList<>();
    private long known;
    private long given;
    private int total = NOWHERE;
    private boolean last;
    private int indexed;
    private int next;
    private boolean closed;

    /**
     * Where a page is.
     *
     * @param batch its batch
     * @param entry its place in that
     */
    record Place(int batch, int entry) {}

    PageTable(RamBlocks blocks, Placement placement) {
        this.blocks = blocks;
        this.placement = placement;
        for (Block block : blocks.blocks()) {
            int[] nowhere = new int[block.pages()];
            Arrays.fill(nowhere, NOWHERE);
            batches.add(nowhere);
            entries.add(new short[block.pages()]);
            delivered.add(new BitSet(block.pages()));
            wanted.add(new BitSet());
        }
        for (int intermediary = 0; intermediary < placement.intermediaries(); intermediary++) {
            untaken.add(new BitSet());
        }
    }

    /**
     * Records that a batch is stored.
     *
     * @return its pages that the destination waits for
     * @throws StreamException if it has a page that the VM has not
     */
    synchronized List<Place> stored(int batch, PageBatch.Index index) throws StreamException {
        while (indexes.size() <= batch) {
            indexes.add(null);
        }
        indexed += indexes.set(batch, index) == null ? 1 : 0;
        List<Place> awaited = new ArrayList<>();
        for (int entry = 0; entry < index.count(); entry++) {
            int block = index.block(entry);
            int page = index.page(entry);
            if (!blocks.has(block, page)) {
                throw new StreamException("A batch has a page that the VM has not");
            }
            if (batches.get(block)[page] == NOWHERE) {
                known++;
                given += delivered.get(block).get(page) ? 1 : 0;
            }
            batches.get(block)[page] = batch;
            entries.get(block)[page] = (short) entry;
            if (wanted.get(block).get(page) && !delivered.get(block).get(page)) {
                awaited.add(new Place(batch, entry));
            }
        }
        untaken.get(placement.of(batch, 0)).set(batch);
        notifyAll();
        return awaited;
    }

    /** Records that there are so many batches and no more. */
    synchronized void complete(int count) {
        total = count;
        notifyAll();
    }

    /** Records that QEMU on the source sends no page again. */
    synchronized void last() {
        last = true;
    }

    /** Whether QEMU on the source sends no page again: what no copy has now can only come later. */
    synchronized boolean isLast() {
        return last || isComplete();
    }

    /** Whether the number of batches is known. */
    synchronized boolean isComplete() {
        return total != NOWHERE;
    }

    /** Whether everything is stored that there is. */
    synchronized boolean isAllStored() {
        return total != NOWHERE && indexed == total;
    }

    /** The batches of which it is not known that they are stored; empty as long as their number is not known. */
    synchronized List<Integer> unknown() {
        return IntStream.range(0, Math.max(0, total))
                .filter(batch -> batch >= indexes.size() || indexes.get(batch) == null)
                .boxed()
                .toList();
    }

    synchronized Optional<PageBatch.Index> index(int batch) {
        return batch < indexes.size() ? Optional.ofNullable(indexes.get(batch)) : Optional.empty();
    }

    /**
     * Where a page is stored that the destination waits for; empty if it is not stored yet, or has been delivered. The next batches that are
     * taken are those that follow it: what a VM reads next is likely to be near.
     */
    synchronized Optional<Place> want(int block, int page) {
        if (delivered.get(block).get(page)) {
            return Optional.empty();
        }
        wanted.get(block).set(page);
        int batch = batches.get(block)[page];
        if (batch == NOWHERE) {
            return Optional.empty();
        }
        next = batch;
        return Optional.of(new Place(batch, entries.get(block)[page]));
    }

    synchronized boolean isDelivered(int block, int page) {
        return delivered.get(block).get(page);
    }

    /** Whether a page has to be delivered now; from then on it counts as delivered. */
    synchronized boolean deliver(int block, int page) {
        if (delivered.get(block).get(page)) {
            return false;
        }
        delivered.get(block).set(page);
        given += batches.get(block)[page] == NOWHERE ? 0 : 1;
        if (isAllDelivered()) {
            notifyAll();
        }
        return true;
    }

    /** Records the pages that the destination has. */
    synchronized void deliver(int block, BitSet pages) {
        pages.stream().filter(page -> blocks.has(block, page)).forEach(page -> deliver(block, page));
    }

    private boolean isAllDelivered() {
        return isAllStored() && given == known;
    }

    synchronized boolean allDelivered() {
        return isAllDelivered();
    }

    /**
     * Takes the next batch of an intermediary; waits until there is one.
     *
     * @return -1 if there will be none any more
     */
    synchronized int take(int intermediary) throws InterruptedException {
        BitSet mine = untaken.get(intermediary);
        while (!closed) {
            int batch = mine.nextSetBit(next);
            batch = batch < 0 ? mine.nextSetBit(0) : batch;
            if (batch >= 0) {
                mine.clear(batch);
                return batch;
            }
            if (isAllStored()) {
                return NOWHERE;
            }
            wait();
        }
        return NOWHERE;
    }

    /** Waits until every page is delivered, or nothing comes any more. */
    synchronized boolean awaitAll() throws InterruptedException {
        while (!closed && !isAllDelivered()) {
            wait();
        }
        return isAllDelivered();
    }

    /** Ends all waits. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized long known() {
        return known;
    }

    synchronized long given() {
        return given;
    }
}
