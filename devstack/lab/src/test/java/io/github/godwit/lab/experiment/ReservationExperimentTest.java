package io.github.godwit.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.lab.experiment.ReservationExperiment.Turn;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReservationExperimentTest {

    private final ObjectMapper json = new ObjectMapper();

    private static ObjectNode run(double seconds, double sender, double receiver) {
        return new ObjectMapper()
                .createObjectNode()
                .put("total_s", seconds)
                .put("sender_kept", sender)
                .put("receiver_kept", receiver);
    }

    @Test
    void theReservationWithTheFewestRunsIsNext() throws IOException {
        assertThat(ReservationExperiment.next(json.createObjectNode(), 1))
                .contains(new Turn(Technique.PRE_COPY, ReservationWay.NONE));
        assertThat(ReservationExperiment.next(json.readTree("""
                                {"runs":{"PRE":{"none":[{}],"fixed55":[{}],"fixed75":[{}],"fixed95":[{}],"loop":[{}]},
                                "POST":{"none":[{}],"fixed55":[{}],"fixed75":[{}]}}}"""), 1))
                .contains(new Turn(Technique.POST_COPY, ReservationWay.FIXED95));
    }

    @Test
    void bothTechniquesAreMeasuredWithAllWays() {
        ObjectNode results = json.createObjectNode();
        List<String> measured = new ArrayList<>();
        Optional<Turn> next = ReservationExperiment.next(results, 1);
        while (next.isPresent()) {
            measured.add(next.get().technique().id() + " " + next.get().way().id());
            ReservationExperiment.add(results, next.get(), run(1, 1, 1));
            next = ReservationExperiment.next(results, 1);
        }
        assertThat(measured)
                .containsExactly(
                        "PRE none",
                        "PRE fixed55",
                        "PRE fixed75",
                        "PRE fixed95",
                        "PRE loop",
                        "POST none",
                        "POST fixed55",
                        "POST fixed75",
                        "POST fixed95",
                        "POST loop");
    }

    @Test
    void theMediansAreBesideWhatTheApplicationsKept() {
        ObjectNode results = json.createObjectNode();
        Turn loop = new Turn(Technique.PRE_COPY, ReservationWay.LOOP);
        ReservationExperiment.add(results, loop, run(10, 0.5, 0.7));
        ReservationExperiment.add(results, loop, run(20, 0.6, 0.9));
        ReservationExperiment.add(results, loop, run(12, 0.7, 0.8));
        assertThat(results.at("/PRE/loop").asDouble()).isEqualTo(12);
        assertThat(results.at("/sender_kept/PRE/loop").asDouble()).isEqualTo(0.6);
        assertThat(results.at("/receiver_kept/PRE/loop").asDouble()).isEqualTo(0.8);
        assertThat(results.at("/runs/PRE/loop")).hasSize(3);
    }

    /** Where applications fill a link of 200 Mbit/s, the loop reserves min(0.75 · 180, 200 − 100) = 100 Mbit/s. */
    @Test
    void theLoopLeavesApplicationsHalfOfTheLink() {
        Bandwidth link = Bandwidth.parse("200mbit");
        ReservationTerms terms = ReservationWay.LOOP.terms().orElseThrow();
        assertThat(terms.reserve(new LinkProfile(link, Bandwidth.ZERO, Bandwidth.ZERO, 0.2)))
                .contains(Bandwidth.parse("100mbit"));
        assertThat(ReservationWay.LOOP.reservation(link)).isNull();
        assertThat(ReservationWay.FIXED75.reservation(link)).isEqualTo(Bandwidth.parse("150mbit"));
        assertThat(ReservationWay.FIXED75.terms()).isEmpty();
    }
}
