package io.github.godwit.hostapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.technique.Technique;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** DT of an outcome: what QEMU reports in pre-copy, what the guest feels in post-copy. */
class FeltDowntimeTest {

    private static final double REPORTED = 1.0;
    private static final double LONGEST_GAP = 16.323;

    private ObjectNode tree;

    @BeforeEach
    void readAnOutcome() throws IOException {
        try (InputStream stored = getClass().getResourceAsStream("older/outcome.json")) {
            tree = (ObjectNode) WireJson.mapper().readTree(stored);
        }
        tree.put("postcopyRequests", 0);
    }

    private Double downtime() throws IOException {
        return WireJson.mapper().treeToValue(tree, Outcome.class).metrics().get(Metric.DOWNTIME);
    }

    @ParameterizedTest
    @EnumSource
    void onlyInPostCopyItIsTheLongestGapInTheHeartbeats(Technique technique) throws IOException {
        tree.put("technique", technique.id());

        assertThat(downtime()).isEqualTo(technique.isPostCopy() ? LONGEST_GAP : REPORTED);
    }

    @ParameterizedTest
    @EnumSource
    void whatQemuReportsIsNotTakenForTheWaitsInPostCopyOfAGuestWithoutHeartbeats(Technique technique)
            throws IOException {
        tree.put("technique", technique.id());
        tree.put("serviceDowntimeMillis", -1);

        assertThat(downtime()).isEqualTo(technique.isPostCopy() ? null : REPORTED);
    }

    @Test
    void aPreCopyThatWasSwitchedAndWaitedForPagesIsPostCopy() throws IOException {
        tree.put("technique", Technique.PRE_COPY.id());
        tree.put("postcopyRequests", 3);

        assertThat(downtime()).isEqualTo(LONGEST_GAP);
    }

    @Test
    void itIsNeverLessThanWhatQemuReports() throws IOException {
        tree.put("serviceDowntimeMillis", 0.5);

        assertThat(downtime()).isEqualTo(REPORTED);
    }

    @Test
    void aMigrationThatNeverSwitchedOverHasNone() throws IOException {
        ((ObjectNode) tree.get("measured")).remove("DT");

        assertThat(downtime()).isNull();
    }
}
