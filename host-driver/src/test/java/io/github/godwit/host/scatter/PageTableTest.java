package io.github.godwit.host.scatter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.host.scatter.PageTable.Place;
import io.github.godwit.host.scatter.stream.RamBlocks;
import io.github.godwit.host.scatter.stream.RamBlocks.Block;
import io.github.godwit.host.scatter.stream.StreamException;
import io.github.godwit.host.scatter.stream.SyntheticStream;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which pages are where. */
class PageTableTest {

    private final PageTable table = new PageTable(new RamBlocks(List.of(new Block("pc.ram", 64))), new Placement(2, 1));

    private static PageBatch.Index batch(int... pages) throws StreamException {
        PageBatch batch = new PageBatch(false);
        for (int page : pages) {
            batch.add(0, page, SyntheticStream.content(page));
        }
        return new PageBatch.Index(batch.bytes());
    }

    @Test
    void aPageThatIsWaitedForIsFoundAsSoonAsItIsStored() throws Exception {
        assertThat(table.want(0, 5)).isEmpty();
        assertThat(table.stored(0, batch(4, 5))).containsExactly(new Place(0, 1));
        assertThat(table.want(0, 4)).contains(new Place(0, 0));
    }

    @Test
    void eachPageIsDeliveredOnce() throws Exception {
        table.stored(0, batch(4));
        assertThat(table.deliver(0, 4)).isTrue();
        assertThat(table.deliver(0, 4)).isFalse();
        assertThat(table.want(0, 4)).isEmpty();
        assertThat(table.known()).isEqualTo(1);
        assertThat(table.given()).isEqualTo(1);
    }

    /** The source sends a page directly that is stored later, too. */
    @Test
    void allIsDeliveredWhenEveryStoredPageIs() throws Exception {
        table.deliver(0, 5);
        table.stored(0, batch(4, 5));
        table.complete(2);
        table.deliver(0, 4);
        assertThat(table.allDelivered()).as("batch 1 is missing").isFalse();
        table.stored(1, batch(6));
        assertThat(table.allDelivered()).isFalse();
        table.deliver(0, 6);
        assertThat(table.allDelivered()).isTrue();
        assertThat(table.awaitAll()).isTrue();
    }

    @Test
    void anIntermediaryGetsItsOwnBatchesAndFirstThoseNearAPageThatIsWaitedFor() throws Exception {
        for (int number = 0; number < 6; number++) {
            table.stored(number, batch(number));
        }
        table.complete(6);
        table.want(0, 4);

        assertThat(table.take(0)).isEqualTo(4);
        assertThat(table.take(0)).isZero();
        assertThat(table.take(0)).isEqualTo(2);
        assertThat(table.take(0)).isEqualTo(-1);
        assertThat(table.take(1)).isEqualTo(5);
    }

    @Test
    void pagesThatTheDestinationHasCountAsDelivered() throws Exception {
        table.stored(0, batch(4, 5));
        BitSet received = new BitSet();
        received.set(5);
        received.set(200);
        table.deliver(0, received);
        assertThat(table.isDelivered(0, 5)).isTrue();
        assertThat(table.isDelivered(0, 4)).isFalse();
    }

    @Test
    void aPageThatTheVmHasNotIsRefused() {
        assertThatThrownBy(() -> table.stored(0, batch(64))).isInstanceOf(StreamException.class);
    }

    /** QEMU on the source has sent every page, and some are on their way to the intermediaries. */
    @Test
    void batchesThatAreNotStoredYetAreWaitedForWhenTheirNumberIsKnown() throws Exception {
        table.complete(3);
        table.stored(2, batch(6));
        assertThat(table.isComplete()).isTrue();
        assertThat(table.isAllStored()).isFalse();
        assertThat(table.unknown()).containsExactly(0, 1);
        assertThat(table.take(0)).isEqualTo(2);
        table.stored(0, batch(4));
        table.stored(1, batch(5));
        assertThat(table.isAllStored()).isTrue();
        assertThat(table.take(0)).isZero();
        assertThat(table.take(0)).isEqualTo(-1);
    }
}
