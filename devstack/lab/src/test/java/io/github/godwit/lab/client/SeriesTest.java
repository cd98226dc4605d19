package io.github.godwit.lab.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.lab.client.ClientReport.Times;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SeriesTest {

    private static final long MS = 1_000_000;

    private static Series at(long... millis) {
        Series series = new Series();
        LongStream.of(millis).forEach(time -> series.add(time * MS, 1));
        return series;
    }

    private static long gap(Series series, long from, long to, long end) {
        return series.longestGap(from * MS, to * MS, end * MS) / MS;
    }

    /** The gap of 400 ms before the migration is not its gap; that from 1,010 to 1,260 ms is. */
    @Test
    void theGapOfAMigrationOverlapsIt() {
        Series series = at(0, 400, 410, 1000, 1010, 1260, 1270);
        assertThat(gap(series, 1005, 1200, 1270)).isEqualTo(250);
        assertThat(gap(series, 0, 1270, 1270)).isEqualTo(590);
    }

    /** TCP sends a lost request again after 200 ms, when QEMU has long finished. */
    @Test
    void aGapThatEndsAfterTheMigrationCountsWhole() {
        assertThat(gap(at(100, 110, 120, 900, 910), 105, 300, 910)).isEqualTo(780);
    }

    @Test
    void aGuestThatNeverAnswersAgainHasTheGapUntilTheEnd() {
        assertThat(gap(at(100, 110, 120), 105, 300, 5000)).isEqualTo(4880);
        assertThat(gap(new Series(), 105, 300, 5000)).isZero();
    }

    /** Answers at 10, 20, 30 and 40 ms; the interval (10, 30] has two in 20 ms, which are 100 a second. */
    @Test
    void aRateCountsTheAmountsOfItsInterval() {
        assertThat(at(10, 20, 30, 40).rate(10 * MS, 30 * MS)).isEqualTo(100);
        assertThat(at(10).rate(10 * MS, 10 * MS)).isZero();
        Series megabits = new Series();
        megabits.add(100 * MS, 9);
        megabits.add(200 * MS, 11);
        assertThat(megabits.rate(0, 200 * MS)).isEqualTo(100);
    }

    @Test
    void moreAnswersThanTheFirstRoomAreKept() {
        Series series = at(LongStream.range(0, 5000).toArray());
        assertThat(series.size()).isEqualTo(5000);
        assertThat(series.rate(-1, 4999 * MS)).isBetween(1000.0, 1000.3);
    }

    /** Ten answers in the second before, none during 0.5 s but one at its end, ten in the second after. */
    @Test
    void aReportHasTheRatesBeforeDuringAndAfter() {
        Series answers = at(LongStream.concat(
                        LongStream.concat(LongStream.rangeClosed(1, 10).map(i -> 100 * i), LongStream.of(1500)),
                        LongStream.rangeClosed(1, 10).map(i -> 1500 + 100 * i))
                .toArray());
        Times times = new Times(0, 1000 * MS, 1500 * MS, 2500 * MS);
        ClientReport report = ClientReport.of("redis", "operations/s", answers, answers, at(990, 1400), times, 0);

        assertThat(report.rateBefore()).isEqualTo(10);
        assertThat(report.rateDuring()).isEqualTo(2);
        assertThat(report.rateAfter()).isEqualTo(10);
        assertThat(report.serviceDowntimeMillis()).isEqualTo(500);
        assertThat(report.networkGapMillis()).isEqualTo(1100);
    }

    @Test
    void withoutAMigrationTheLongestOfAllGapsIsReported() {
        Series answers = at(0, 300, 400);
        ClientReport report = ClientReport.of(
                "nginx", "requests/s", answers, answers, answers, new Times(0, null, null, 450 * MS), 1);
        assertThat(report.serviceDowntimeMillis()).isEqualTo(300);
        assertThat(report.rateDuring()).isNull();
        assertThat(report.errors()).isEqualTo(1);
    }
}
