package io.github.godwit.host.nova.reserve;

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

import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.libvirt.LibvirtFaults;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

class LibvirtSpeedLimitTest {

    /** libvirt's default. */
    private static final long OWN = 8_796_093_022_207L;

    private final DomainJobs jobs = mock();

    @Test
    void preCopyHasOneLimitAndPostCopyTwo() throws Exception {
        new LibvirtSpeedLimit(jobs, "vm", false).set(90);
        verify(jobs).limitSpeed("vm", 90, false);
        verify(jobs, never()).limitSpeed(any(), anyLong(), eq(true));
        new LibvirtSpeedLimit(jobs, "vm", true).set(91);
        verify(jobs).limitSpeed("vm", 91, false);
        verify(jobs).limitSpeed("vm", 91, true);
    }

    @Test
    void theDomainsOwnLimitIsPutBackAndNothingIsSetAfterThat() throws Exception {
        when(jobs.speedLimit("vm")).thenReturn(OWN, 90L);
        LibvirtSpeedLimit limit = new LibvirtSpeedLimit(jobs, "vm", false);
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
        LibvirtSpeedLimit limit = new LibvirtSpeedLimit(jobs, "vm", true);
        limit.set(90);
        limit.set(30);
        verify(jobs).limitSpeed("vm", 50, false);
        verify(jobs).limitSpeed("vm", 50, true);
        verify(jobs).limitSpeed("vm", 30, false);
    }

    @Test
    void whereNothingWasSetNothingIsPutBack() throws Exception {
        new LibvirtSpeedLimit(jobs, "vm", false).restore();
        verify(jobs, never()).limitSpeed(any(), anyLong(), anyBoolean());
        verify(jobs, never()).restoreSpeed(any());
    }

    @Test
    void aLimitThatCannotBeReadIsNotReplaced() throws Exception {
        when(jobs.speedLimit("vm")).thenThrow(LibvirtFaults.domainGone());
        assertThatThrownBy(() -> new LibvirtSpeedLimit(jobs, "vm", false).set(90))
                .isNotNull();
        verify(jobs, never()).limitSpeed(any(), anyLong(), anyBoolean());
    }
}
