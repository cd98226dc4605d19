package io.github.godwit.host.migrate.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.nova.reserve.ReservedArrivals;
import io.github.godwit.host.vm.GuestHeartbeats;
import io.github.godwit.host.vm.HeartbeatSource;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.IncomingRequest;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.MemorySize;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LibvirtArrivalsTest {

    private static final String ID = "m1";
    private static final Heartbeats BEATS = new Heartbeats(3, 1, 9, 4, 0, 2);
    private static final IncomingRequest REQUEST = new IncomingRequest(
            ID,
            new VmDefinition("db", MemorySize.ofMebibytes(64), 1, "libvirt", "", Accelerator.KVM, 0),
            Technique.PRE_COPY,
            MigrationTuning.DEFAULT,
            "10.0.0.1",
            null);

    private final ReservedArrivals reserved = mock();
    private final VmList vms = mock();
    private final HeartbeatSource source = mock();
    private final LibvirtArrivals arrivals =
            new LibvirtArrivals(reserved, vms, new GuestHeartbeats(Optional.of(Path.of("/run/vms")), vm -> source));

    @BeforeEach
    void noVmIsHere() {
        when(vms.find("db")).thenReturn(Optional.empty());
        when(source.since(any())).thenReturn(BEATS);
        when(reserved.finish(ID)).thenReturn(Heartbeats.NONE);
    }

    private void theVmIsHere() {
        Vm vm = mock();
        doReturn(Optional.of(vm)).when(vms).find("db");
    }

    @Test
    void theGuestIsHeardFromThePreparationToTheArrival() {
        arrivals.prepare(REQUEST);
        theVmIsHere();

        assertThat(arrivals.finish(ID)).isEqualTo(BEATS);

        verify(reserved).finish(ID);
        verify(source).close();
    }

    @Test
    void aVmThatDoesNotArriveIsNotWaitedFor() {
        arrivals.prepare(REQUEST);

        arrivals.abandon(ID);

        verify(reserved).abandon(ID);
        verify(source).close();
    }

    @Test
    void aNameThatIsTakenIsRefusedBeforeAnythingIsReserved() {
        theVmIsHere();

        assertThatThrownBy(() -> arrivals.prepare(REQUEST)).isInstanceOf(Refusal.class);

        verify(reserved, never()).prepare(any());
    }

    @Test
    void whereTheLeaseHasEndedNobodyIsListenedToAnyMore() {
        arrivals.prepare(REQUEST);
        when(reserved.isPrepared(ID)).thenReturn(true);
        arrivals.applyLeases();
        verify(source, never()).close();

        when(reserved.isPrepared(ID)).thenReturn(false);
        arrivals.applyLeases();

        verify(source).close();
    }
}
