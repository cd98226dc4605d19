package io.github.godwit.host.scatter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.scatter.BatchWriter.Pending;
import io.github.godwit.host.scatter.stream.RamBlocks;
import io.github.godwit.host.scatter.stream.RamBlocks.Block;
import io.github.godwit.host.scatter.stream.SyntheticStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** When a batch counts as stored. */
class PendingBatchesTest {

    private static final RamBlocks BLOCKS = new RamBlocks(List.of(new Block("pc.ram", 64)));

    private final PendingBatches twice = new PendingBatches(BLOCKS, new Placement(3, 2), false);

    private static List<Pending> batches(PendingBatches pending, int count) throws InterruptedException {
        List<Pending> full = new ArrayList<>();
        for (int page = 0; full.size() < count; page++) {
            pending.add(0, page, SyntheticStream.content(page), (byte) 0).ifPresent(full::add);
        }
        return full;
    }

    @Test
    void aBatchIsStoredWhenEachOfItsIntermediariesHasIt() throws Exception {
        Pending batch = batches(twice, 1).get(0);
        assertThat(twice.copied(batch, 0)).isFalse();
        assertThat(twice.copied(batch, 1)).isTrue();
    }

    @Test
    void oneCopySufficesIfTheIntermediaryOfTheOtherHasFailed() throws Exception {
        List<Pending> batches = batches(twice, 3);
        twice.copied(batches.get(0), 0);
        assertThat(twice.failed(1)).containsExactly(batches.get(0));

        assertThat(twice.copied(batches.get(1), 2))
                .as("its first copy was to be on 1")
                .isTrue();
        assertThat(twice.copied(batches.get(2), 2)).as("it waits for 0").isFalse();
        assertThat(twice.copied(batches.get(2), 0)).isTrue();
    }

    @Test
    void aBatchOfWhichNoCopyIsStoredWaits() throws Exception {
        Pending batch = batches(twice, 1).get(0);
        assertThat(twice.failed(0)).isEmpty();
        assertThat(twice.failed(1)).isEmpty();
        assertThat(twice.find(0, 3)).isPresent();
        assertThat(twice.copied(batch, 1)).as("it has taken it after all").isTrue();
    }

    @Test
    void anIntermediaryThatAloneKeepsHalfOfAllWaitingForThreePollsIsTooSlow() throws Exception {
        PendingBatches both =
                new PendingBatches(new RamBlocks(List.of(new Block("pc.ram", 1_000))), new Placement(2, 2), false);
        List<Pending> batches = batches(both, 32);
        assertThat(polls(both, 4)).as("both are waited for").isEmpty();
        batches.forEach(batch -> both.copied(batch, 0));
        assertThat(polls(both, 2)).isEmpty();
        assertThat(polls(both, 1)).hasValue(1);
        both.failed(1).forEach(both::forget);
        assertThat(polls(both, 4)).as("nobody is waited for any more").isEmpty();
    }

    @Test
    void oneIntermediaryIsNotSlowerThanAnyOther() throws Exception {
        PendingBatches single =
                new PendingBatches(new RamBlocks(List.of(new Block("pc.ram", 1_000))), new Placement(1, 1), false);
        assertThat(batches(single, 40)).hasSize(40);
        assertThat(polls(single, 4)).isEmpty();
    }

    private static OptionalInt polls(PendingBatches pending, int times) {
        OptionalInt last = OptionalInt.empty();
        for (int poll = 0; poll < times; poll++) {
            last = pending.keepsAllWaiting();
        }
        return last;
    }

    @Test
    void aCopyThatComesLateChangesNothing() throws Exception {
        Pending batch = batches(twice, 1).get(0);
        twice.copied(batch, 0);
        twice.failed(1).forEach(twice::forget);
        assertThat(twice.copied(batch, 1)).isFalse();
        assertThat(twice.awaitStored()).isTrue();
    }
}
