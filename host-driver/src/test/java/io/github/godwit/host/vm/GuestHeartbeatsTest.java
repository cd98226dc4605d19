package io.github.godwit.host.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.unit.MemorySize;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuestHeartbeatsTest {

    private static final Path DIRECTORY = Path.of("/run/vms");

    private final HeartbeatSource socket = mock();
    private final HeartbeatSource.Factory factory = mock();
    private final GuestHeartbeats heartbeats = new GuestHeartbeats(Optional.of(DIRECTORY), factory);

    private RunningVm vm(long pid) {
        when(factory.open(any())).thenReturn(socket);
        VmDefinition definition =
                new VmDefinition("db", MemorySize.ofMebibytes(256), 1, "libvirt", "", Accelerator.KVM, 0);
        return new RunningVm(definition, pid, heartbeats.of("db"));
    }

    @Test
    void theSocketIsInTheDirectoryOfTheVm() {
        assertThat(vm(7).heartbeatSocket()).isEqualTo(Path.of("/run/vms/db/heartbeat.sock"));
    }

    @Test
    void whoListensToOneVmSharesAConnectionUntilTheLastHasGone() {
        HeartbeatSource arrival = heartbeats.open(vm(0));
        HeartbeatSource listed = heartbeats.open(vm(7));
        Heartbeats beats = new Heartbeats(3, 1, 9, 4, 0, 2);
        when(socket.since(Instant.EPOCH)).thenReturn(beats);
        verify(factory, times(1)).open(any());
        assertThat(listed.since(Instant.EPOCH)).isEqualTo(beats);

        arrival.close();
        arrival.close();
        verify(socket, never()).close();

        listed.close();
        verify(socket).close();
    }

    @Test
    void aVmThatComesBackIsListenedToAgain() {
        heartbeats.open(vm(7)).close();

        heartbeats.open(vm(8));

        verify(factory, times(2)).open(any());
    }

    @Test
    void withoutADirectoryNothingIsHeard() {
        GuestHeartbeats none = GuestHeartbeats.NONE;

        assertThat(none.areSent()).isFalse();
        assertThat(none.open(vm(7)).since(Instant.EPOCH)).isEqualTo(Heartbeats.NONE);
        verify(factory, never()).open(any());
    }
}
