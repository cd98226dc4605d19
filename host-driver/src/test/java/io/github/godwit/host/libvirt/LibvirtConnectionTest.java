package io.github.godwit.host.libvirt;

import static io.github.godwit.host.libvirt.FakeLibvirt.CONNECTION;
import static io.github.godwit.host.libvirt.FakeLibvirt.DISCONNECTED;
import static io.github.godwit.host.libvirt.FakeLibvirt.DOMAIN;
import static io.github.godwit.host.libvirt.FakeLibvirt.NO_DOMAIN;
import static io.github.godwit.host.libvirt.FakeLibvirt.NO_JOB;
import static io.github.godwit.host.libvirt.FakeLibvirt.SECOND_CONNECTION;
import static io.github.godwit.host.libvirt.FakeLibvirt.URI;
import static io.github.godwit.host.libvirt.FakeLibvirt.UUID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.NativeLongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.List;
import org.junit.jupiter.api.Test;

/** libvirt's failures, which neither its test driver nor a healthy daemon has; {@link LibvirtConnectionIT} calls the real library. */
class LibvirtConnectionTest {

    private static final Pointer OTHER_DOMAIN = new Pointer(0x4000);

    private final FakeLibvirt libvirt = new FakeLibvirt();
    private final LibvirtFunctions functions = libvirt.functions;

    @Test
    void aDaemonThatDoesNotAnswerIsReportedWithItsUri() {
        when(functions.virConnectOpen(URI)).thenReturn(null);
        libvirt.error("Failed to connect socket to '/run/libvirt/libvirt-sock': No such file or directory");

        assertThatThrownBy(libvirt::open)
                .isInstanceOf(LibvirtException.class)
                .hasMessage("Cannot connect to qemu:///system: Failed to connect socket to '/run/libvirt/libvirt-sock':"
                        + " No such file or directory.");
    }

    @Test
    void aConnectionWithoutEventsIsClosedAndReported() {
        when(functions.virConnectDomainEventRegisterAny(
                        any(), any(), eq(LibvirtFunctions.EVENT_JOB_COMPLETED), any(), any(), any()))
                .thenReturn(-1);
        libvirt.error("this function is not supported by the connection driver");

        assertThatThrownBy(libvirt::open)
                .hasMessageStartingWith("Cannot register for the events of qemu:///system: this function");
        verify(functions).virConnectClose(CONNECTION);
    }

    @Test
    void aConnectionWithoutKeepAliveIsUsed() throws Exception {
        when(functions.virConnectSetKeepAlive(any(), anyInt(), anyInt())).thenReturn(-1);

        try (LibvirtConnection connection = libvirt.open()) {
            assertThat(connection.running()).containsExactly(UUID);
        }
    }

    @Test
    void aDomainThatIsGoneIsReportedWithoutConnectingAgain() throws Exception {
        when(functions.virDomainLookupByUUIDString(any(), any())).thenReturn(null);
        libvirt.error(NO_DOMAIN);

        try (LibvirtConnection connection = libvirt.open()) {
            assertThatThrownBy(() -> connection.job(UUID))
                    .isInstanceOf(LibvirtException.class)
                    .hasMessage("Cannot find domain %s: %s.".formatted(UUID, NO_DOMAIN));
        }
        verify(functions, times(1)).virConnectOpen(URI);
        verify(functions, never()).virDomainFree(any());
    }

    @Test
    void aDomainThatEndsBetweenTheLookupAndTheCallIsReported() throws Exception {
        when(functions.virDomainGetJobStats(any(), any(), any(), any(), anyInt()))
                .thenReturn(-1);
        libvirt.error("Requested operation is not valid: domain is not running");

        try (LibvirtConnection connection = libvirt.open()) {
            assertThatThrownBy(() -> connection.job(UUID))
                    .hasMessage("Cannot read the job statistics of domain %s: ".formatted(UUID)
                            + "Requested operation is not valid: domain is not running.");
        }
        verify(functions).virDomainFree(DOMAIN);
    }

    @Test
    void aJobThatHasEndedCannotBeAbortedAndIsNotAbortedTwice() throws Exception {
        when(functions.virDomainAbortJob(DOMAIN)).thenReturn(-1);
        libvirt.error(NO_JOB);

        try (LibvirtConnection connection = libvirt.open()) {
            assertThatThrownBy(() -> connection.abortJob(UUID))
                    .hasMessage("Cannot abort the job of domain %s: %s.".formatted(UUID, NO_JOB));
        }
        verify(functions, times(1)).virDomainAbortJob(DOMAIN);
    }

    @Test
    void aDomainWithoutAJobHasNoStatistics() throws Exception {
        try (LibvirtConnection connection = libvirt.open();
                Memory parameters = new Memory(96)) {
            assertThat(connection.job(UUID)).as("without parameters").isEmpty();
            parameters.clear();
            when(functions.virDomainGetJobStats(any(), any(), any(), any(), anyInt()))
                    .thenAnswer(call -> {
                        call.getArgument(1, IntByReference.class).setValue(0); // VIR_DOMAIN_JOB_NONE
                        call.getArgument(2, PointerByReference.class).setValue(parameters);
                        call.getArgument(3, IntByReference.class).setValue(1);
                        return 0;
                    });

            assertThat(connection.job(UUID)).as("of type none").isEmpty();

            verify(functions).virTypedParamsFree(parameters, 1);
        }
    }

    @Test
    void aConnectionThatHasEndedIsReplacedAndEventsAreRegisteredAgain() throws Exception {
        try (LibvirtConnection connection = libvirt.open()) {
            when(functions.virConnectIsAlive(CONNECTION)).thenReturn(0);

            assertThat(connection.running()).containsExactly(UUID);

            verify(functions).virConnectClose(CONNECTION);
            for (int event : new int[] {
                LibvirtFunctions.EVENT_LIFECYCLE,
                LibvirtFunctions.EVENT_MIGRATION_ITERATION,
                LibvirtFunctions.EVENT_JOB_COMPLETED
            }) {
                verify(functions)
                        .virConnectDomainEventRegisterAny(eq(SECOND_CONNECTION), any(), eq(event), any(), any(), any());
            }
        }
        verify(functions).virConnectClose(SECOND_CONNECTION);
    }

    @Test
    void aCallDuringWhichTheConnectionIsLostIsRepeatedOnANewOne() throws Exception {
        try (LibvirtConnection connection = libvirt.open()) {
            when(functions.virDomainLookupByUUIDString(CONNECTION, UUID)).thenAnswer(call -> {
                doReturn(0).when(functions).virConnectIsAlive(CONNECTION);
                return null;
            });
            libvirt.error(DISCONNECTED);

            assertThat(connection.xml(UUID)).contains(UUID);
        }
    }

    @Test
    void aDaemonThatStaysAwayIsReportedAndConnectedToAtTheNextCall() throws Exception {
        try (LibvirtConnection connection = libvirt.open()) {
            when(functions.virConnectIsAlive(CONNECTION)).thenReturn(0);
            when(functions.virConnectOpen(URI)).thenReturn(null, SECOND_CONNECTION);
            libvirt.error(DISCONNECTED);

            assertThatThrownBy(() -> connection.xml(UUID))
                    .hasMessage("Cannot connect to qemu:///system: internal error: client socket is closed.");
            assertThat(connection.xml(UUID)).contains(UUID);
        }
        verify(functions, times(1)).virConnectClose(CONNECTION);
    }

    @Test
    void aDomainWhoseUuidCannotBeReadIsAnErrorAndNoDomainLeaks() throws Exception {
        libvirt.lists(List.of(DOMAIN, OTHER_DOMAIN));
        doReturn(-1).when(functions).virDomainGetUUIDString(eq(DOMAIN), any());
        libvirt.error("invalid domain pointer in virDomainGetUUIDString");

        try (LibvirtConnection connection = libvirt.open()) {
            assertThatThrownBy(connection::running)
                    .isInstanceOf(LibvirtException.class)
                    .hasMessage("Cannot read the UUID of a domain: invalid domain pointer in virDomainGetUUIDString.");
        }
        verify(functions).virDomainFree(DOMAIN);
        verify(functions).virDomainFree(OTHER_DOMAIN);
    }

    @Test
    void domainsThatCannotBeListedAreAnError() throws Exception {
        doReturn(-1).when(functions).virConnectListAllDomains(any(), any(), anyInt());
        libvirt.error(DISCONNECTED);

        try (LibvirtConnection connection = libvirt.open()) {
            assertThatThrownBy(connection::running).hasMessageStartingWith("Cannot list libvirt's domains: ");
        }
    }

    @Test
    void theLimitOfMigrationsIsReadAndSet() throws Exception {
        when(functions.virDomainMigrateGetMaxSpeed(eq(DOMAIN), any(), eq(0))).thenAnswer(call -> {
            call.getArgument(1, NativeLongByReference.class).setValue(new NativeLong(8_796_093_022_207L));
            return 0;
        });
        try (LibvirtConnection connection = libvirt.open()) {
            assertThat(connection.speedLimit(UUID)).isEqualTo(8_796_093_022_207L);
            connection.limitSpeed(UUID, 90, false);
            connection.limitSpeed(UUID, 91, true);
        }
        verify(functions).virDomainMigrateSetMaxSpeed(DOMAIN, new NativeLong(90), 0);
        verify(functions).virDomainMigrateSetMaxSpeed(DOMAIN, new NativeLong(91), 1);
    }

    @Test
    void aQmpCommandWithoutAResponseIsAnError() throws Exception {
        libvirt.respond((String) null);

        try (LibvirtConnection connection = libvirt.open()) {
            assertThatThrownBy(() -> connection.monitorCommand(UUID, "{\"execute\": \"query-status\"}"))
                    .isInstanceOf(LibvirtException.class)
                    .hasMessage("libvirt returned no response of QEMU for domain %s.".formatted(UUID));
        }
    }

    @Test
    void anErrorWithoutAMessageIsReported() throws Exception {
        when(functions.virDomainGetXMLDesc(DOMAIN, 0)).thenReturn(null);

        try (LibvirtConnection connection = libvirt.open()) {
            assertThatThrownBy(() -> connection.xml(UUID))
                    .hasMessage("Cannot read the XML of domain %s: no reason given.".formatted(UUID));
        }
    }
}
