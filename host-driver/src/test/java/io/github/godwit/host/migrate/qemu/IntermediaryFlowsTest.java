package io.github.godwit.host.migrate.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.host.net.TrafficControl.Reservation;
import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.host.scatter.store.Intermediary;
import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the source reserves towards intermediaries. */
class IntermediaryFlowsTest {

    private static final Bandwidth RESERVED = Bandwidth.parse("600mbit");

    private final TrafficControl traffic = mock();
    private final Reservation reservation = mock();
    private final List<String> notes = new ArrayList<>();

    @BeforeEach
    void grant() throws IOException {
        when(traffic.support()).thenReturn(ReservationSupport.of("", ""));
        when(traffic.reserve(any(), any(Share.class))).thenReturn(reservation);
        when(reservation.rate()).thenReturn(Bandwidth.ZERO);
    }

    private static Intermediary at(String address, String link) {
        return new Intermediary(
                address,
                6379,
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.ofNullable(link).map(Bandwidth::parse));
    }

    private static Flow flow(String address) {
        return new Flow("m@%s:6379".formatted(address), Direction.EGRESS, "10.0.0.1", address, PortRange.of(6379));
    }

    private IntermediaryFlows reserve(Bandwidth reserved, Intermediary... intermediaries) {
        return IntermediaryFlows.reserve(traffic, "m", "10.0.0.1", reserved, List.of(intermediaries), notes::add);
    }

    @Test
    void eachGetsAnEvenPartAndNoMoreThanItsLink() throws Exception {
        IntermediaryFlows flows = reserve(RESERVED, at("10.0.0.8", "100mbit"), at("10.0.0.9", null));

        Bandwidth slow = Bandwidth.parse("100mbit");
        verify(traffic).reserve(flow("10.0.0.8"), new Share(slow, slow, Bandwidth.ZERO, true));
        verify(traffic)
                .reserve(flow("10.0.0.9"), new Share(Bandwidth.parse("300mbit"), Share.NO_LIMIT, Bandwidth.ZERO, true));
        flows.close();
        verify(reservation, times(2)).close();
    }

    @Test
    void withoutAReservationTheRateOfAnIntermediaryIsKeptToAllTheSame() throws Exception {
        reserve(null, at("10.0.0.8", "100mbit"), at("10.0.0.9", null)).close();

        verify(traffic)
                .reserve(
                        flow("10.0.0.8"),
                        new Share(Bandwidth.parse("1mbit"), Bandwidth.parse("100mbit"), Bandwidth.ZERO, true));
        verify(traffic, never()).reserve(eq(flow("10.0.0.9")), any(Share.class));
    }

    @Test
    void whatCannotBeReservedIsNoted() throws Exception {
        when(traffic.reserve(any(), any(Share.class))).thenThrow(new IOException("tc refuses"));

        reserve(RESERVED, at("10.0.0.8", null)).close();

        assertThat(notes).containsExactly("Nothing is reserved for intermediary 10.0.0.8:6379: tc refuses");
    }
}
