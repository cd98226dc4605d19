package io.github.godwit.training.bandwidth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.bandwidth.BandwidthModel;
import io.github.godwit.model.bandwidth.BandwidthModelForm;
import io.github.godwit.model.bandwidth.TechniqueFamily;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.training.TrainingRows;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rows of a link of 200 Mbit/s, drawn from a real one. */
class BandwidthFitTest {

    private static final double LINK = 200e6;

    private static DatasetRow real;

    @BeforeAll
    static void readOne() throws IOException {
        real = TrainingRows.real(1).get(0);
    }

    /** Half of what is published: 0.4525 of the link without traffic. */
    @Test
    void aLinkThatBehavesDifferentlyGetsItsOwnCurveAndTheOthersStay() throws IOException {
        BandwidthFit fit =
                new BandwidthFit(rows(60, 0.9, traffic -> Math.max(0.2, 0.45 - 0.5 * traffic)), "2025-04-30");

        assertThat(fit.rows()).isEqualTo(60);
        CurveReport own = report(fit, "PRE", "outbound");
        assertThat(own.used()).isTrue();
        assertThat(own.rows()).isEqualTo(60);
        assertThat(own.heldOut()).isBetween(5, 30);
        assertThat(own.breakpoints()).isEqualTo(1);
        assertThat(own.ownError()).isLessThan(0.01);
        assertThat(own.publishedError()).isGreaterThan(0.2);
        assertThat(report(fit, "POST", "inbound").used()).isFalse();
        assertThat(report(fit, "POST", "inbound").reason()).isEqualTo("it needs 20 rows");
        assertThat(fit.reports()).hasSize(9);

        BandwidthModel model = BandwidthModelForm.read(
                new ByteArrayInputStream(WireJson.mapper().writeValueAsBytes(fit.form())));
        assertThat(model.curve(TechniqueFamily.PRE, TrafficClass.OUTBOUND).at(0.2))
                .isCloseTo(0.35, within(0.01));
        assertThat(model.curve(TechniqueFamily.PRE, TrafficClass.OUTBOUND)
                        .origin()
                        .rows())
                .isEqualTo(60);
        assertThat(model.curve(TechniqueFamily.PRE, TrafficClass.OUTBOUND)
                        .origin()
                        .link()
                        .megabits())
                .isEqualTo(200);
        assertThat(model.curve(TechniqueFamily.POST, TrafficClass.INBOUND))
                .isEqualTo(BandwidthModel.published().curve(TechniqueFamily.POST, TrafficClass.INBOUND));
    }

    @Test
    void tooFewRowsOrTooNarrowARangeLeaveThePublishedCurve() throws IOException {
        BandwidthFit few = new BandwidthFit(rows(19, 0.9, traffic -> 0.4), "2025-04-30");
        assertThat(few.isEmpty()).isTrue();
        assertThat(report(few, "PRE", "outbound").reason()).isEqualTo("it needs 20 rows");

        BandwidthFit narrow = new BandwidthFit(rows(40, 0.2, traffic -> 0.4), "2025-04-30");
        assertThat(narrow.isEmpty()).isTrue();
        assertThat(report(narrow, "PRE", "outbound").reason())
                .isEqualTo("the rows cover traffic from 0 to 20 % of the link, which is less than 25 %");
    }

    @Test
    void rowsThatTheLinkDidNotLimitAreLeftOut() throws IOException {
        DatasetRow plain = row(0, 0.3, 0.5);
        assertThat(BandwidthPoint.of(plain)).isPresent();
        assertThat(BandwidthPoint.of(with(plain, tree -> outcome(tree).put("technique", "DCZstd"))))
                .isEmpty();
        assertThat(BandwidthPoint.of(with(plain, tree -> outcome(tree).put("technique", "MULTIFD"))))
                .isEmpty();
        assertThat(BandwidthPoint.of(with(plain, tree -> outcome(tree).put("converged", false))))
                .isEmpty();
        assertThat(BandwidthPoint.of(with(plain, tree -> rate(tree, "/outcome/migrationCase/link/reserved", 1e6))))
                .isEmpty();
        assertThat(BandwidthPoint.of(
                        with(plain, tree -> rate(tree, "/outcome/migrationCase/tuning/maxBandwidth", 1e8))))
                .isEmpty();
        assertThat(BandwidthPoint.of(with(plain, tree -> ((ObjectNode) tree.at("/outcome/measured")).put("TT", 900))))
                .isEmpty();
        assertThat(BandwidthPoint.of(with(plain, tree -> tree.put("guestVerified", false))))
                .isEmpty();
        assertThat(BandwidthPoint.of(with(plain, tree -> ((ObjectNode) tree.at("/versions")).put("simulated", "true"))))
                .isEmpty();
    }

    /** 60 Mbit/s beside the migration on a link of 200, 25 MB in two seconds: 100 Mbit/s. */
    @Test
    void aPointIsTrafficAndBandwidthAsSharesOfTheLink() throws IOException {
        BandwidthPoint point = BandwidthPoint.of(row(0, 0.3, 0.5)).orElseThrow();
        assertThat(point.family()).isEqualTo(TechniqueFamily.PRE);
        assertThat(point.curve()).isEqualTo(TrafficClass.OUTBOUND);
        assertThat(point.traffic()).isCloseTo(0.3, within(1e-9));
        assertThat(point.value()).isCloseTo(0.5, within(1e-9));

        BandwidthPoint post = BandwidthPoint.of(
                        with(row(0, 0.3, 0.5), tree -> outcome(tree).put("technique", "POST")))
                .orElseThrow();
        assertThat(post.curve())
                .as("what the source sends competes with post-copy")
                .isEqualTo(TrafficClass.INBOUND);
        assertThat(post.traffic()).isCloseTo(0.3, within(1e-9));
    }

    private static CurveReport report(BandwidthFit fit, String technique, String traffic) {
        return fit.reports().stream()
                .filter(each ->
                        each.technique().equals(technique) && each.traffic().equals(traffic))
                .findFirst()
                .orElseThrow();
    }

    private static List<DatasetRow> rows(int count, double upTo, DoubleUnaryOperator curve) throws IOException {
        List<DatasetRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double traffic = upTo * i / (count - 1);
            rows.add(row(i, traffic, curve.applyAsDouble(traffic)));
        }
        return rows;
    }

    private static DatasetRow row(int number, double traffic, double share) throws IOException {
        return with(real, tree -> {
            tree.put("id", "vm-%d-a-PRE".formatted(number)).put("caseId", "vm-%d-a".formatted(number));
            outcome(tree).put("technique", "PRE");
            ((ObjectNode) tree.at("/outcome/measured")).put("TT", 2_000).put("TD", share * LINK * 2 / 8e6);
            for (String rate : List.of("link/capacity", "source/link", "destination/link")) {
                rate(tree, "/outcome/migrationCase/" + rate, LINK);
            }
            rate(tree, "/outcome/migrationCase/link/reserved", 0);
            rate(tree, "/outcome/migrationCase/link/available", LINK * (1 - traffic));
            for (String rate : List.of("source/traffic/in", "destination/traffic/in", "destination/traffic/out")) {
                rate(tree, "/outcome/migrationCase/" + rate, 0);
            }
            rate(tree, "/outcome/migrationCase/source/traffic/out", LINK * traffic);
        });
    }

    /** Changes the JSON of a row. */
    private interface Change {
        void apply(ObjectNode tree);
    }

    private static DatasetRow with(DatasetRow row, Change change) throws IOException {
        ObjectNode tree = WireJson.mapper().valueToTree(row);
        change.apply(tree);
        return WireJson.mapper().treeToValue(tree, DatasetRow.class);
    }

    private static ObjectNode outcome(ObjectNode tree) {
        return (ObjectNode) tree.get("outcome");
    }

    private static void rate(ObjectNode tree, String path, double bitsPerSecond) {
        ((ObjectNode) tree.at(path)).put("bitsPerSecond", Math.round(bitsPerSecond));
    }
}
