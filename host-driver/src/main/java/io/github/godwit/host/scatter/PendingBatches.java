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
import java.util.OptionalInt;

/**
 * The pages that the source's QEMU has sent: which ones, and those that are not stored yet. Adding waits where too many are not. Thread-safe.
 *
 * <p>Once QEMU comes to its end ({@link #drain}), it sends no page again, whatever happens: a batch then counts as stored as soon as one copy
 * is, if the intermediaries of the others have failed.
 */
final class PendingBatches {

    /** 3 MiB for each of the copies at most. */
    private static final int MOST = 64;

    /** QEMU's socket takes far less than the difference. */
    private static final int MOST_AT_THE_END = 4 * MOST;

    /** Polls in a row after which an intermediary is too slow, if QEMU waits for it alone. */
    private static final int SLOW_POLLS = 3;

    private static final int NOBODY = -1;

    private final Placement placement;
    private final RamBlocks blocks;
    private final List<BitSet> sent = new ArrayList<>();
    private final List<BitSet> wanted = new ArrayList<>();
    private final Map<Integer, BitSet> lackedBy = new HashMap<>();
    private final Map<Integer, Pending> waiting = new HashMap<>();
    private final BitSet failed = new BitSet();
    private final boolean zstd;
    private PageBatch batch;
    private int count;
    private boolean held;
    private boolean draining;
    private boolean closed;
    private int slow = NOBODY;
    private int slowPolls;

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
     * @param placement where each batch is stored
     * @param zstd      whether pages are compressed
     */
    PendingBatches(RamBlocks blocks, Placement placement, boolean zstd) {
        this.blocks = blocks;
        this.placement = placement;
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
        while (!closed && (held || waiting.size() >= (draining ? MOST_AT_THE_END : MOST))) {
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
        batch = new PageBatch(zstd);
        return waits(finished);
    }

    /** How many batches there are, to be stored like one: none follow. */
    synchronized Pending end() {
        return waits(new Pending(Placement.COUNT, BatchCount.bytes(count)));
    }

    private Pending waits(Pending until) {
        waiting.put(until.number(), until);
        lackedBy.put(until.number(), placement.all(until.number()));
        return until;
    }

    /** Records that an intermediary has a batch. Returns whether that was the last one that it waited for. */
    synchronized boolean copied(Pending batch, int intermediary) {
        BitSet lacking = lackedBy.get(batch.number());
        if (lacking == null) {
            return false;
        }
        lacking.clear(intermediary);
        return isStored(lacking);
    }

    private boolean isStored(BitSet lacking) {
        BitSet awaited = (BitSet) lacking.clone();
        awaited.andNot(failed);
        return awaited.isEmpty() && lacking.cardinality() < placement.copies();
    }

    /**
     * Records that an intermediary has failed.
     *
     * @return the batches that need not wait for it, since another copy is stored
     */
    synchronized List<Pending> failed(int intermediary) {
        failed.set(intermediary);
        return waiting.values().stream()
                .filter(batch -> lackedBy.get(batch.number()).get(intermediary))
                .filter(batch -> isStored(lackedBy.get(batch.number())))
                .toList();
    }

    /**
     * The intermediary for which alone QEMU has waited for {@value #SLOW_POLLS} polls in a row: at least half of what may wait lacks it, and next to nothing
     * lacks another one.
     */
    synchronized OptionalInt keepsAllWaiting() {
        int now = onlyOneWaitedFor();
        slowPolls = now != NOBODY && now == slow ? slowPolls + 1 : 1;
        slow = now;
        return slow != NOBODY && slowPolls >= SLOW_POLLS ? OptionalInt.of(slow) : OptionalInt.empty();
    }

    private int onlyOneWaitedFor() {
        int[] lacks = new int[placement.intermediaries()];
        for (BitSet lacking : lackedBy.values()) {
            lacking.stream().forEach(intermediary -> lacks[intermediary]++);
        }
        int most = NOBODY;
        for (int intermediary = 0; intermediary < lacks.length; intermediary++) {
            boolean waitedFor = !failed.get(intermediary) && lacks[intermediary] > MOST / 8;
            if (waitedFor && most != NOBODY) {
                return NOBODY;
            }
            most = waitedFor ? intermediary : most;
        }
        return lacks.length > 1 && most != NOBODY && lacks[most] >= MOST / 2 ? most : NOBODY;
    }

    /** Forgets a batch, of which the destination knows that it is stored. */
    synchronized void forget(Pending batch) {
        lackedBy.remove(batch.number());
        waiting.remove(batch.number());
        notifyAll();
    }

    /** Lets adding wait until {@link #drain} or {@link #close}, so that QEMU can send no more than its socket takes. */
    synchronized void hold() {
        held = true;
    }

    /** QEMU has sent every page: takes what is on its way. */
    synchronized void drain() {
        held = false;
        draining = true;
        notifyAll();
    }

    /** Whether {@link #drain} was called. */
    synchronized boolean isDraining() {
        return draining;
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
            Optional<FeedQueue.Page> found = pending.isCount() ? Optional.empty() : find(pending.bytes(), block, page);
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

    /** Waits until all batches and their number are stored; false if it was closed before. */
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
