package io.github.godwit.host.nova.reserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.libvirt.LibvirtFaults;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.vm.Vm;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

class LibvirtSpeedLimitTest {

    /** libvirt's default. */
    private static final long OWN = 8_796_093_022_207L;

    private final DomainJobs jobs = mock();
    private SpeedCeiling ceiling = SpeedCeiling.KNOWN;
    private boolean begun = true;

    private LibvirtSpeedLimit limit(boolean postcopy) {
        return new LibvirtSpeedLimit(jobs, "vm", postcopy, () -> ceiling.mebibytes(), () -> begun);
    }

    @Test
    void preCopyHasOneLimitAndPostCopyTwo() throws Exception {
        limit(false).set(90);
        verify(jobs).limitSpeed("vm", 90, false);
        verify(jobs, never()).limitSpeed(any(), anyLong(), eq(true));
        limit(true).set(91);
        verify(jobs).limitSpeed("vm", 91, false);
        verify(jobs).limitSpeed("vm", 91, true);
    }

    @Test
    void theDomainsOwnLimitIsPutBackAndNothingIsSetAfterThat() throws Exception {
        when(jobs.speedLimit("vm")).thenReturn(OWN, 90L);
        LibvirtSpeedLimit limit = limit(false);
        limit.set(90);
        limit.set(80);
        limit.restore();
        limit.set(70);
        InOrder order = inOrder(jobs);
        order.verify(jobs).limitSpeed("vm", 90, false);
        order.verify(jobs).limitSpeed("vm", 80, false);
        order.verify(jobs).restoreSpeed("vm");
        limit.restore();
        verify(jobs, times(1)).restoreSpeed("vm");
        verify(jobs, times(2)).limitSpeed(any(), anyLong(), anyBoolean());
    }

    @Test
    void theOperatorsOwnLimitIsNeverExceeded() throws Exception {
        when(jobs.speedLimit("vm")).thenReturn(50L);
        LibvirtSpeedLimit limit = limit(true);
        limit.set(90);
        limit.set(30);
        verify(jobs).limitSpeed("vm", 50, false);
        verify(jobs).limitSpeed("vm", 50, true);
        verify(jobs).limitSpeed("vm", 30, false);
    }

    @Test
    void whereNothingWasSetNothingIsPutBack() throws Exception {
        limit(false).restore();
        verify(jobs, never()).limitSpeed(any(), anyLong(), anyBoolean());
        verify(jobs, never()).restoreSpeed(any());
    }

    @Test
    void aLimitThatCannotBeReadIsNotReplaced() throws Exception {
        when(jobs.speedLimit("vm")).thenThrow(LibvirtFaults.domainGone());
        assertThatThrownBy(() -> limit(false).set(90)).isNotNull();
        verify(jobs, never()).limitSpeed(any(), anyLong(), anyBoolean());
    }

    @Test
    void aLimitOfTheOperatorThatOnlyNovaKnowsIsFoundOnceAndNeverExceeded() throws Exception {
        when(jobs.speedLimit("vm")).thenReturn(OWN);
        Monitor monitor = mock();
        // 52,428,800 bytes/s = 50 MiB/s; afterwards QEMU has what was set here.
        when(monitor.execute("query-migrate-parameters"))
                .thenReturn(json("{'max-bandwidth': 52428800}"), json("{'max-bandwidth': 31457280}"));
        ceiling = SpeedCeiling.found(vm(monitor), Optional.empty());
        LibvirtSpeedLimit limit = limit(true);
        limit.set(30);
        limit.set(119_209);
        InOrder order = inOrder(jobs);
        order.verify(jobs).limitSpeed("vm", 30, false);
        order.verify(jobs).limitSpeed("vm", 30, true);
        order.verify(jobs).limitSpeed("vm", 50, false);
        order.verify(jobs).limitSpeed("vm", 50, true);
    }

    @Test
    void aLimitThatNobodyMayAskForIsNotTouched() throws Exception {
        when(jobs.speedLimit("vm")).thenReturn(OWN);
        Monitor silent = mock();
        ceiling = SpeedCeiling.found(vm(silent), Optional.of("VMs are profiled without QEMU's monitor"));
        LibvirtSpeedLimit limit = limit(false);
        assertThatThrownBy(() -> limit.set(90))
                .hasMessageContaining("live_migration_bandwidth")
                .hasMessageContaining("without QEMU's monitor");
        limit.restore();
        verify(jobs, never()).limitSpeed(any(), anyLong(), anyBoolean());
        verify(jobs, never()).restoreSpeed(any());
        verify(silent, never()).execute(any());
    }

    @Test
    void whatQemuDoesNotReportIsUnknownAndZeroIsNoLimit() throws Exception {
        Monitor monitor = mock();
        ceiling = SpeedCeiling.found(vm(monitor), Optional.empty());
        for (String unknown : new String[] {"{}", "{'max-bandwidth': 1000}"}) {
            when(monitor.execute("query-migrate-parameters")).thenReturn(json(unknown));
            assertThatThrownBy(ceiling::mebibytes).isInstanceOf(IOException.class);
        }
        when(monitor.execute("query-migrate-parameters")).thenReturn(json("{'max-bandwidth': 0}"));
        assertThat(ceiling.mebibytes()).isEqualTo(Long.MAX_VALUE);
        when(monitor.execute("query-migrate-parameters")).thenThrow(new QmpException("it hangs", false, null));
        assertThatThrownBy(ceiling::mebibytes).hasMessageContaining("it hangs");
    }

    @Test
    void aLimitHoldsOnceQemuSends() {
        begun = false;
        LibvirtSpeedLimit limit = limit(false);
        assertThat(limit.holds()).isFalse();
        begun = true;
        assertThat(limit.holds()).isTrue();
    }

    private static Vm vm(Monitor monitor) throws QmpException {
        Vm vm = mock();
        when(vm.monitor()).thenReturn(monitor);
        return vm;
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }
}
