package io.github.godwit.model.predict.analytic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.Predictions;
import io.github.godwit.model.Vms;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** Of 1 Gbit/s, 94.7 % are payload: 118.375 MB/s, so that these disks take ten seconds. */
class DiskCopyPredictorTest {

    private static final long TEN_SECONDS_OF_DISK = 1_183_750_000L;
    private static final Prediction MEMORY = Predictions.of(10_000, 100, 500, 0.8, 50, 3);
    private static final MigrationCase WITHOUT_DISKS = ByHand.between(Vms.small());

    private static MigrationCase with(long diskBytes, MigrationTuning tuning) {
        MigrationCase base = WITHOUT_DISKS;
        return new MigrationCase(base.vm(), base.source(), base.destination(), base.link(), tuning, diskBytes);
    }

    private static Prediction predict(MigrationCase migration) {
        return new DiskCopyPredictor((any, technique) -> MEMORY).predict(migration, Technique.PRE_COPY);
    }

    @Test
    void disksAddTheirTimeAndTheirBytesButNoDowntimeAndNoMemory() {
        Prediction prediction = predict(with(TEN_SECONDS_OF_DISK, MigrationTuning.DEFAULT));

        assertThat(prediction.value(Metric.TOTAL_TIME)).isCloseTo(20_000, within(0.01));
        assertThat(prediction.value(Metric.TRANSFERRED_DATA)).isCloseTo(500 + 1_183.75, within(1e-6));
        assertThat(prediction.value(Metric.DOWNTIME)).isEqualTo(100);
        assertThat(prediction.value(Metric.MEMORY)).isEqualTo(3);
    }

    /** In half of the time the VM runs at full speed. 289,001 pages at 1.75 µs take 0.506 s of ten: 5.06 %. */
    @Test
    void shareOfSpeedAndCpuAreAveragesOverBothPhases() {
        Prediction prediction = predict(with(TEN_SECONDS_OF_DISK, MigrationTuning.DEFAULT));

        assertThat(prediction.value(Metric.PERFORMANCE)).isCloseTo(0.9, within(1e-6));
        assertThat(prediction.value(Metric.CPU)).isCloseTo((50 + 5.0575) / 2, within(0.001));
    }

    @Test
    void theIntervalIsWiderUpwardsBecauseWrittenBlocksAreCopiedAgain() {
        Prediction.Estimate time = predict(with(TEN_SECONDS_OF_DISK, MigrationTuning.DEFAULT))
                .estimates()
                .get(Metric.TOTAL_TIME);

        assertThat(time.low()).isCloseTo(18_000, within(0.01));
        assertThat(time.high()).isCloseTo(25_000, within(0.01));
    }

    /** 100 Mbit/s are 12.5 MB/s, less than the link has: 94.7 s. */
    @Test
    void theOperatorsBandwidthLimitsTheDisksToo() {
        MigrationTuning slow = MigrationTuning.DEFAULT.withMaxBandwidth(Bandwidth.ofMegabits(100));

        assertThat(predict(with(TEN_SECONDS_OF_DISK, slow)).value(Metric.TOTAL_TIME))
                .isCloseTo(10_000 + 94_700, within(1.0));
    }

    @Test
    void withoutDisksEveryPredictionIsTheSameToTheLastBit() {
        AnalyticPredictor simulation = new AnalyticPredictor();
        EnumSet<Technique> all = EnumSet.allOf(Technique.class);

        assertThat(new DiskCopyPredictor(simulation).predictAll(WITHOUT_DISKS, all))
                .isEqualTo(simulation.predictAll(WITHOUT_DISKS, all));
    }

    @Test
    void anotherProfileOfTheVmKeepsTheDisks() {
        assertThat(with(7, MigrationTuning.DEFAULT).withVm(Vms.withDirtyRing()).diskBytes())
                .isEqualTo(7);
    }
}
