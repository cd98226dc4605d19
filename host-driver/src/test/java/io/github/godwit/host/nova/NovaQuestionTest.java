package io.github.godwit.host.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.traffic.TrafficClasses;
import io.github.godwit.model.unit.Bandwidth;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What nova-compute's message says about urgency and SLA bounds. */
class NovaQuestionTest {

    private static final UnplannedTerms HOST = new UnplannedTerms(null, "ensure_performance", ReservationTerms.DEFAULT);

    private static StayingVms alone() {
        return new StayingVms(List.of(), TrafficClasses.shipped(), Bandwidth.ofMegabits(1000));
    }

    private static StayingVms.Staying vm(double in, double out) {
        return new StayingVms.Staying(
                new Traffic(Bandwidth.ofMegabits(in), Bandwidth.ofMegabits(out)), Optional.empty());
    }

    private static NovaQuestion ask(String more) throws JsonProcessingException {
        String line = "{'message': 'ASK', 'vm': 'a', 'destination': 'there', 'flags': 1%s}".formatted(more);
        return NovaQuestion.of(WireJson.strictMapper().readValue(line.replace('\'', '"'), NovaMessage.class));
    }

    private static Urgency urgency(String more) throws JsonProcessingException {
        return ask(more).reservation(HOST, alone()).terms().urgency();
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
        assertThat(question.reservation(HOST, alone()).terms()).isEqualTo(ReservationTerms.DEFAULT);
        assertThat(question.warnings()).isEmpty();
    }

    @Test
    void whatCannotBeReadIsAWarning() throws Exception {
        NovaQuestion question = ask(", 'metadata': {'godwit:urgency': 'now', 'godwit:sla_lower': '5mbit'}");
        assertThat(question.warnings()).singleElement().asString().contains("There is no urgency 'now'");
        assertThat(question.sla().server().lower()).hasToString("5mbit");
    }

    /** Content delivery keeps 75 to 100 % of 400 Mbit/s at medium urgency: 0.3 to 0.4 of the link. */
    @Test
    void theVmsThatStayKeepTheirBounds() throws Exception {
        StayingVms stay = new StayingVms(List.of(vm(0, 400)), TrafficClasses.shipped(), Bandwidth.ofMegabits(1000));

        ReservationTerms terms = ask(", 'metadata': {'godwit:urgency': 'low'}")
                .reservation(HOST, stay)
                .terms();

        assertThat(terms.urgency()).isEqualTo(Urgency.LOW);
        assertThat(terms.slaLower()).isCloseTo(0.3, within(1e-9));
        assertThat(terms.slaUpper()).isCloseTo(0.4, within(1e-9));
    }

    @Test
    void theUsualSharesHoldWhereNoVmHasTraffic() throws Exception {
        StayingVms stay = new StayingVms(List.of(vm(0, 0)), TrafficClasses.shipped(), Bandwidth.ofMegabits(1000));

        assertThat(ask("").reservation(HOST, stay).terms()).isEqualTo(ReservationTerms.DEFAULT);
    }
}
