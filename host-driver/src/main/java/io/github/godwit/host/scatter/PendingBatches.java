package io.github.godwit.host.scatter;

import io.github.godwit.host.scatter.BatchWriter.Pending;
import io.github.godwit.host.scatter.stream.RamBlocks;
import io.github.godwit.host.scatter.stream.StreamException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pages that the source's QEMU has sent: which ones, and those that are not stored yet. Adding waits where too many are not. Thread-safe.
 */
final class PendingBatches {

    /** 3 MiB for each of the copies at most. */
    private static final int MOST = 64;

    private final int copies;
    private final RamBlocks blocks;
    private final List<BitSet> sent = new ArrayList<>();
    private final List<BitSet> wanted = new ArrayList<>();
    private final Map<Integer, Integer> copiesLeft = new HashMap<>();
    private final Map<Integer, Pending> waiting = new HashMap<>();
    private final boolean zstd;
    private PageBatch batch;
    private int count;
    private boolean closed;

    /** What to do about a page that the destination waits for. */
    enum Answer {
        /** QEMU has not sent it: ask QEMU for it. */
        ASK_QEMU,
        /** It is here, and is sent to the destination. */
        SEND,
        /** It is stored, as the destination knows or will know soon. */
        STORED
    }

    /**
     * @param copies how often each batch is stored
     * @param zstd   whether pages are compressed
     */
    PendingBatches(RamBlocks blocks, int copies, boolean zstd) {
        this.blocks = blocks;
        this.copies = copies;
        this.zstd = zstd;
        this.batch = new PageBatch(zstd);
        for (RamBlocks.Block block : blocks.blocks()) {
            sent.add(new BitSet(block.pages()));
            wanted.add(new BitSet());
        }
    }

    /**
     * Adds a page; content null for one that is filled.
     *
     * @return the batch, if it is full now
     */
    synchronized Optional<Pending> add(int block, int page, byte[] content, byte fill) throws InterruptedException {
        while (!closed && waiting.size() >= MOST) {
            wait();
        }
        sent.get(block).set(page);
        if (content == null) {
            batch.add(block, page, fill);
        } else {
            batch.add(block, page, content);
        }
        return batch.isFull() ? Optional.of(finish()) : Optional.empty();
    }

    /** Whether the destination waits for a page that has come. */
    synchronized boolean isWanted(int block, int page) {
        return wanted.get(block).get(page);
    }

    /** The last batch, if it has pages. */
    synchronized Optional<Pending> last() {
        return batch.isEmpty() ? Optional.empty() : Optional.of(finish());
    }

    private Pending finish() {
        Pending finished = new Pending(count++, batch.bytes());
        waiting.put(finished.number(), finished);
        copiesLeft.put(finished.number(), copies);
        batch = new PageBatch(zstd);
        return finished;
    }

    /** Records that a copy is stored. Returns whether it was the last one. */
    synchronized boolean copied(Pending batch) {
        return copiesLeft.merge(batch.number(), -1, Integer::sum) == 0;
    }

    /** Forgets a batch, of which the destination knows that it is stored. */
    synchronized void forget(Pending batch) {
        copiesLeft.remove(batch.number());
        waiting.remove(batch.number());
        notifyAll();
    }

    /** What to do about a page that the destination waits for. */
    synchronized Answer ask(int block, int page) {
        if (!sent.get(block).get(page)) {
            wanted.get(block).set(page);
            return Answer.ASK_QEMU;
        }
        return find(block, page).isPresent() ? Answer.SEND : Answer.STORED;
    }

    /** A page that is not stored yet. */
    synchronized Optional<FeedQueue.Page> find(int block, int page) {
        for (Pending pending : waiting.values()) {
            Optional<FeedQueue.Page> found = find(pending.bytes(), block, page);
            if (found.isPresent()) {
                return found;
            }
        }
        return batch.isEmpty() ? Optional.empty() : find(batch.bytes(), block, page);
    }

    private static Optional<FeedQueue.Page> find(byte[] bytes, int block, int page) {
        try {
            PageBatch.Index index = new PageBatch.Index(bytes);
            for (int entry = 0; entry < index.count(); entry++) {
                if (index.block(entry) == block && index.page(entry) == page) {
                    return index.page(entry, bytes, index.offset(entry));
                }
            }
            return Optional.empty();
        } catch (StreamException e) {
            throw new IllegalStateException(e); // a batch of our own
        }
    }

    /** Waits until all batches are stored; false if it was closed before. */
    synchronized boolean awaitStored() throws InterruptedException {
        while (!closed && !waiting.isEmpty()) {
            wait();
        }
        return waiting.isEmpty();
    }

    synchronized int count() {
        return count;
    }

    RamBlocks blocks() {
        return blocks;
    }

    /** Ends all waits. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
