package io.github.godwit.model.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundCounterTest {

    /** 512 MiB of guest memory. */
    private static final long ALL = 131_202;

    private static List<Integer> rounds(PrecopyPages... polls) {
        List<Integer> rounds = new ArrayList<>();
        RoundCounter counter = RoundCounter.NEW;
        for (PrecopyPages poll : polls) {
            counter = counter.after(poll);
            rounds.add(counter.number());
        }
        return rounds;
    }

    private static PrecopyPages pages(int syncs, long sent, long left) {
        return new PrecopyPages(syncs, sent, left, ALL);
    }

    @Test
    void whereEachSyncEndsARoundItsNumberIsThatOfTheRound() {
        assertThat(rounds(
                        pages(0, 0, ALL),
                        pages(1, 30_000, 101_202),
                        pages(2, ALL, 40_000),
                        pages(2, ALL + 20_000, 20_000),
                        pages(3, ALL + 40_000, 30_000),
                        pages(9, ALL + 200_000, 10_000)))
                .containsExactly(0, 1, 2, 2, 3, 9);
    }

    /** As QEMU 11.1 counts with postcopy-ram: a sync in every iteration. */
    @Test
    void whereSyncsComeWithinTheFirstRoundTheRoundsFollowFromThePages() {
        assertThat(rounds(
                        pages(1, 1_722, 129_480),
                        pages(2, 43_778, 87_424),
                        pages(3, 77_474, 60_000),
                        pages(4, 108_587, 40_000),
                        pages(7, ALL, 30_000),
                        pages(8, ALL + 15_000, 28_000),
                        pages(9, ALL + 30_000, 20_000),
                        pages(10, ALL + 45_000, 15_000),
                        pages(11, ALL + 50_000, 15_000),
                        pages(12, ALL + 65_000, 0),
                        pages(13, ALL + 65_000, 0)))
                .containsExactly(1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 4);
    }

    @Test
    void aGuestThatWritesFasterThanTheLinkSendsIsStillInItsFirstRound() {
        assertThat(rounds(pages(1, 10_000, 121_202), pages(5, 60_000, 125_000), pages(9, 110_000, 125_000)))
                .containsExactly(1, 1, 1);
    }

    @Test
    void freePagesThatAreNeverSentDoNotKeepTheFirstRoundOpen() {
        assertThat(rounds(pages(1, 20_000, 5_000), pages(2, 25_000, 800))).containsExactly(1, 2);
    }

    @Test
    void aMigrationThatIsBegunAgainIsCountedFromItsBeginning() {
        assertThat(rounds(pages(3, 50_000, 80_000), pages(9, ALL, 30_000), pages(1, 9_000, 122_000), pages(2, ALL, 9)))
                .containsExactly(1, 2, 1, 2);
    }

    @Test
    void withoutTheSizeOfTheMemoryTheSyncsCount() {
        assertThat(RoundCounter.NEW.after(new PrecopyPages(3, 10, 5, 0)).number())
                .isEqualTo(3);
    }
}
