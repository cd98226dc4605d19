package io.github.godwit.host.nova.reserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.godwit.host.WritingVm;
import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.metrics.HostMetrics;
import io.github.godwit.host.net.FlowTakenException;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.hostapi.IncomingRate;
import io.github.godwit.hostapi.IncomingRequest;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bandwidth for VMs that libvirt receives. */
class ReservedArrivalsTest {

    private final TrafficControl traffic = mock();
    private final TrafficControl.Reservation reservation = mock();
    private final VmList vms = mock();
    private final HostMetrics metrics = new HostMetrics("test");
    private final ReservedArrivals arrivals = new ReservedArrivals(vms, traffic, "10.0.0.2", metrics, Optional::empty);

    @BeforeEach
    void reserve() throws Exception {
        when(traffic.libvirtPorts()).thenReturn(PortRange.LIBVIRT);
        when(traffic.reserve(any(), any(Share.class))).thenReturn(reservation);
        when(reservation.rate()).thenReturn(Bandwidth.parse("300mbit"));
        when(vms.find(any())).thenReturn(Optional.empty());
    }

    private static IncomingRequest request() {
        return request("m");
    }

    private static IncomingRequest request(String id) {
        return new IncomingRequest(
                id,
                WritingVm.definition("vm"),
                Technique.PRE_COPY,
                MigrationTuning.DEFAULT,
                "10.0.0.1",
                Bandwidth.parse("300mbit"));
    }

    private String held() {
        return metrics.scrape()
                .lines()
                .filter(line -> line.startsWith("godwit_host_reservations "))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatTheSourceDoesNotConfirmIsReleasedAfterTenSeconds() {
        arrivals.prepareToConfirm(request());
        assertThat(held()).endsWith(" 1.0");
        arrivals.applyLeases(Instant.now().plusSeconds(9));
        verify(reservation, never()).close();

        arrivals.applyLeases(Instant.now().plusSeconds(11));

        verify(reservation).close();
        assertThat(held()).endsWith(" 0.0");
        assertThatThrownBy(() -> arrivals.confirm("m", true)).isInstanceOf(Refusal.class);
    }

    @Test
    void whatItConfirmsHasALease() {
        arrivals.prepareToConfirm(request());
        arrivals.confirm("m", true);
        arrivals.applyLeases(Instant.now().plusSeconds(29));
        verify(reservation, never()).close();
        arrivals.applyLeases(Instant.now().plusSeconds(31));
        verify(reservation).close();
    }

    @Test
    void anOlderSourceConfirmsNothing() {
        arrivals.prepare(request());
        arrivals.applyLeases(Instant.now().plusSeconds(11));
        verify(reservation, never()).close();
    }

    @Test
    void twoPreparationsAtOnceReserveOnce() throws Exception {
        CountDownLatch reserving = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        when(traffic.reserve(any(), any(Share.class))).thenAnswer(call -> {
            reserving.countDown();
            go.await();
            return reservation;
        });
        FutureTask<Object> first = new FutureTask<>(() -> arrivals.prepare(request()));
        Thread thread = new Thread(first);
        thread.start();
        reserving.await();

        assertThatThrownBy(() -> arrivals.prepare(request())).hasMessageContaining("already prepared");

        go.countDown();
        assertThat(first.get()).isNotNull();
        verify(traffic, times(1)).reserve(any(), any(Share.class));
    }

    @Test
    void aReservationThatComesAfterTheSourceHasGivenUpIsReleased() throws Exception {
        when(traffic.reserve(any(), any(Share.class))).thenAnswer(call -> {
            arrivals.abandon("m");
            return reservation;
        });
        assertThat(arrivals.prepare(request()).reservationNote()).contains("given the migration up");
        verify(reservation).close();
    }

    /** This host keeps port 29360 for one migration at a time. */
    private ReservedArrivals withOnePort() {
        when(traffic.plannedPorts()).thenReturn(Optional.of(PortRange.of(29_360)));
        return new ReservedArrivals(vms, traffic, "127.0.0.1", metrics, Optional::empty);
    }

    @Test
    void aPortThatTheSourceDoesNotReachIsGivenBackAndItsClassMatchesTheRange() throws Exception {
        ReservedArrivals ported = withOnePort();
        int port = ported.prepareWithPort(request()).plannedPort();
        assertThat(port).isEqualTo(29_360);
        verify(traffic).reserve(argThat(flow -> flow.destinationPorts().equals(PortRange.of(port))), any(Share.class));

        ported.confirm("m", false);

        verify(reservation).match(PortRange.LIBVIRT);
        assertThat(held()).endsWith(" 1.0");
        // Whoever comes next gets the port as soon as nobody listens on it any more.
        assertThat(PlannedPorts.obstacle("127.0.0.1", port, Duration.ofSeconds(5)))
                .isEmpty();
        assertThat(ported.prepareWithPort(request("n")).plannedPort()).isEqualTo(port);
        ported.close();
    }

    @Test
    void aPortThatTheSourceUsesStaysItsOwn() throws Exception {
        ReservedArrivals ported = withOnePort();
        int port = ported.prepareWithPort(request()).plannedPort();
        assertThat(PlannedPorts.obstacle("127.0.0.1", port, Duration.ofSeconds(5)))
                .isEmpty();

        ported.confirm("m", true);

        verify(reservation, never()).match(any());
        assertThat(ported.prepareWithPort(request("n")).plannedPort()).isNull();
        ported.close();
    }

    @Test
    void aClassThatWouldMatchNothingIsGivenBackUntilTheSourceNamesAPort() throws Exception {
        doThrow(new FlowTakenException("m", "other")).when(reservation).match(PortRange.LIBVIRT);
        ReservedArrivals ported = withOnePort();
        int port = ported.prepareWithPort(request()).plannedPort();

        ported.confirm("m", false);

        verify(reservation).close();
        assertThat(held()).endsWith(" 0.0");
        Bandwidth rate = Bandwidth.parse("300mbit");
        ported.rate("m", new IncomingRate(rate, null, null, 49_160));
        assertThat(held()).endsWith(" 1.0");
        verify(traffic)
                .reserve(argThat(flow -> flow.destinationPorts().equals(PortRange.of(49_160))), any(Share.class));
        assertThat(PlannedPorts.obstacle("127.0.0.1", port, Duration.ofSeconds(5)))
                .isEmpty();
        ported.close();
    }
}
