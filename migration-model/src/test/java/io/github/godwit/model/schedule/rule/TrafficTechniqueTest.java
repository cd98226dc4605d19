package io.github.godwit.model.schedule.rule;

import static io.github.godwit.model.profile.TrafficClass.IDLE;
import static io.github.godwit.model.profile.TrafficClass.INBOUND;
import static io.github.godwit.model.profile.TrafficClass.MIXED;
import static io.github.godwit.model.profile.TrafficClass.OUTBOUND;
import static io.github.godwit.model.technique.Technique.POST_COPY;
import static io.github.godwit.model.technique.Technique.PRE_COPY;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.technique.Technique;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** [Thesis 2025], algorithms 1 and 3. */
class TrafficTechniqueTest {

    @ParameterizedTest
    @CsvSource({
        "OUTBOUND, IDLE,     POST_COPY",
        "OUTBOUND, INBOUND,  POST_COPY",
        "INBOUND,  IDLE,     PRE_COPY",
        "INBOUND,  OUTBOUND, PRE_COPY",
        "IDLE,     IDLE,     POST_COPY",
        "MIXED,    IDLE,     POST_COPY",
        "IDLE,     INBOUND,  PRE_COPY",
        "IDLE,     MIXED,    PRE_COPY",
        "MIXED,    MIXED,    POST_COPY",
        "MIXED,    INBOUND,  POST_COPY"
    })
    void oneVmIsMovedByTheTrafficOfBothHosts(TrafficClass source, TrafficClass destination, Technique technique) {
        assertThat(TrafficTechnique.single(source, destination)).isEqualTo(technique);
    }

    @Test
    void parallelVmsAreMovedBySevenRulesInOrder() {
        assertThat(TrafficTechnique.parallel(OUTBOUND, INBOUND, INBOUND))
                .as("1")
                .isEqualTo(POST_COPY);
        assertThat(TrafficTechnique.parallel(IDLE, INBOUND, OUTBOUND)).as("2").isEqualTo(PRE_COPY);
        assertThat(TrafficTechnique.parallel(MIXED, IDLE, INBOUND)).as("3").isEqualTo(PRE_COPY);
        assertThat(TrafficTechnique.parallel(INBOUND, IDLE, INBOUND)).as("3").isEqualTo(PRE_COPY);
        assertThat(TrafficTechnique.parallel(IDLE, MIXED, INBOUND)).as("4").isEqualTo(PRE_COPY);
        assertThat(TrafficTechnique.parallel(IDLE, IDLE, OUTBOUND)).as("5").isEqualTo(POST_COPY);
        assertThat(TrafficTechnique.parallel(IDLE, OUTBOUND, OUTBOUND)).as("6").isEqualTo(PRE_COPY);
        assertThat(TrafficTechnique.parallel(MIXED, OUTBOUND, MIXED)).as("7").isEqualTo(POST_COPY);
        assertThat(TrafficTechnique.parallel(INBOUND, OUTBOUND, OUTBOUND))
                .as("7")
                .isEqualTo(POST_COPY);
    }

    @Test
    void serialVmsLeaveOutboundAndIdleFirstAndInboundLast() {
        assertThat(TrafficTechnique.serialOrder(List.of(INBOUND, MIXED, IDLE, OUTBOUND)))
                .containsExactly(2, 3, 1, 0);
    }
}
