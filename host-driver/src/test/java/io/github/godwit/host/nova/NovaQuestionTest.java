package io.github.godwit.host.nova;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.reserve.ReservationTerms;
import org.junit.jupiter.api.Test;

/** What nova-compute's message says about urgency and SLA bounds. */
class NovaQuestionTest {

    private static final UnplannedTerms HOST = new UnplannedTerms(null, "ensure_performance", ReservationTerms.DEFAULT);

    private static NovaQuestion ask(String more) throws JsonProcessingException {
        String line = "{'message': 'ASK', 'vm': 'a', 'destination': 'there', 'flags': 1%s}".formatted(more);
        return NovaQuestion.of(WireJson.strictMapper().readValue(line.replace('\'', '"'), NovaMessage.class));
    }

    private static Urgency urgency(String more) throws JsonProcessingException {
        return ask(more).reservation(HOST).terms().urgency();
    }

    @Test
    void aFlavorSetsTheUrgency() throws Exception {
        assertThat(urgency(", 'extra_specs': {'godwit:urgency': 'high'}")).isEqualTo(Urgency.HIGH);
    }

    @Test
    void anOwnerCanOnlyLowerIt() throws Exception {
        assertThat(urgency(", 'metadata': {'godwit:urgency': 'low'}")).isEqualTo(Urgency.LOW);
        assertThat(urgency(", 'metadata': {'godwit:urgency': 'high'}")).isEqualTo(Urgency.MEDIUM);
        assertThat(urgency(", 'metadata': {'godwit:urgency': 'high'}, 'extra_specs': {'godwit:urgency': 'low'}"))
                .isEqualTo(Urgency.LOW);
    }

    @Test
    void anOlderComputeDriverSaysNothing() throws Exception {
        NovaQuestion question = ask("");
        assertThat(question.reservation(HOST).terms()).isEqualTo(ReservationTerms.DEFAULT);
        assertThat(question.warnings()).isEmpty();
    }

    @Test
    void whatCannotBeReadIsAWarning() throws Exception {
        NovaQuestion question = ask(", 'metadata': {'godwit:urgency': 'now', 'godwit:sla_lower': '5mbit'}");
        assertThat(question.warnings()).singleElement().asString().contains("There is no urgency 'now'");
        assertThat(question.sla().server().lower()).hasToString("5mbit");
    }
}
