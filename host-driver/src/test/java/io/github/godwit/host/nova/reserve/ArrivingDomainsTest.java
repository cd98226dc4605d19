package io.github.godwit.host.nova.reserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.godwit.host.WritingVm;
import io.github.godwit.host.metrics.HostMetrics;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.host.net.TrafficControl.Reservation;
import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.host.vm.FakeVms;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.hostapi.IncomingRequest;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

/** The destination of a migration that libvirt runs, whose domain cannot be asked through its monitor. */
class ArrivingDomainsTest {

    private final Vm vm = FakeVms.vm(new RunningVm(WritingVm.definition("web"), 1, Path.of("/nowhere")));
    private final TrafficControl traffic = mock();
    private final Reservation reservation = mock();
    private final ReservedArrivals arrivals =
            new ReservedArrivals(FakeVms.list(vm), traffic, "10.0.0.2", new HostMetrics("test"), Optional::empty);

    @BeforeEach
    void reserve() throws IOException {
        when(traffic.libvirtPorts()).thenReturn(new PortRange(61_152, 61_215));
        when(traffic.reserve(any(), any(Share.class))).thenReturn(reservation);
        when(reservation.rate()).thenReturn(Bandwidth.parse("1gbit"));
        arrivals.prepare(new IncomingRequest(
                "m1",
                WritingVm.definition("web"),
                Technique.PRE_COPY,
                MigrationTuning.DEFAULT,
                "10.0.0.1",
                Bandwidth.parse("1gbit")));
    }

    @Test
    void theReservationIsForThePortsOfLibvirt() throws IOException {
        ArgumentCaptor<Flow> flow = ArgumentCaptor.captor();
        verify(traffic).reserve(flow.capture(), any(Share.class));
        assertThat(flow.getValue().destinationPorts()).hasToString("61152-61215");
    }

    @Test
    void theReservationStandsAsLongAsTheDomainArrives() throws IOException {
        when(vm.inMigration()).thenReturn(true);
        arrivals.applyLeases(Instant.now().plusSeconds(31));
        arrivals.applyLeases(Instant.now().plusSeconds(3_600));
        verify(reservation, never()).close();

        when(vm.inMigration()).thenReturn(false);
        arrivals.applyLeases(Instant.now().plusSeconds(3_700));
        verify(reservation).close();
    }

    @Test
    void theReservationStandsWhileLibvirtDoesNotAnswer() throws IOException {
        when(vm.inMigration()).thenThrow(new IOException("libvirt did not answer within 5000 ms"));
        arrivals.applyLeases(Instant.now().plusSeconds(31));
        verify(reservation, never()).close();
        verify(vm, never()).monitor();
    }
}
