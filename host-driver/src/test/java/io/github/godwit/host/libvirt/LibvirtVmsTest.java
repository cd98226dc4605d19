package io.github.godwit.host.libvirt;

import static io.github.godwit.host.libvirt.FakeLibvirt.DISCONNECTED;
import static io.github.godwit.host.libvirt.FakeLibvirt.DOMAIN;
import static io.github.godwit.host.libvirt.FakeLibvirt.NO_DOMAIN;
import static io.github.godwit.host.libvirt.FakeLibvirt.UUID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import com.sun.jna.Pointer;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.vm.GuestHeartbeats;
import io.github.godwit.host.vm.VmLimits;
import io.github.godwit.model.technique.Technique;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The list of VMs and their monitors if libvirt or QEMU fails. */
@Timeout(30)
class LibvirtVmsTest {

    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(10);

    /** {@code VIR_DOMAIN_RUNNING}, {@code VIR_DOMAIN_PAUSED} and {@code VIR_DOMAIN_PAUSED_MIGRATION}. */
    private static final int RUNNING = 1;

    private static final int PAUSED = 3;
    private static final int PAUSED_MIGRATION = 2;

    private final FakeLibvirt libvirt = new FakeLibvirt();
    private LibvirtConnection connection;
    private LibvirtVms vms;

    @BeforeEach
    void open() throws LibvirtException {
        connection = libvirt.open();
        vms = new LibvirtVms(connection);
        vms.refresh();
        assertThat(vms.all()).extracting(LibvirtVm::name).containsExactly(UUID);
    }

    @AfterEach
    void close() {
        vms.close();
        connection.close();
    }

    @Test
    void whereNoNovaIsAVmIsFoundByTheNameOfItsDomain() throws Exception {
        when(libvirt.functions.virDomainGetXMLDesc(FakeLibvirt.DOMAIN, 0))
                .thenAnswer(call -> FakeLibvirt.text(("<domain type='kvm'><name>db</name><uuid>%s</uuid>"
                                + "<memory unit='KiB'>262144</memory><vcpu>1</vcpu></domain>")
                        .formatted(UUID)));
        when(libvirt.functions.virDomainLookupByName(any(), eq("db"))).thenReturn(FakeLibvirt.DOMAIN);
        try (LibvirtVms named = new LibvirtVms(connection, LibvirtVms.Naming.DOMAIN, GuestHeartbeats.NONE)) {
            assertThat(named.find("db")).map(LibvirtVm::uuid).contains(UUID);
            assertThat(named.all()).extracting(LibvirtVm::name).containsExactly("db");
            assertThat(named.find("other")).isEmpty();
            assertThat(named.inMigration("other")).isFalse();
        }
    }

    @Test
    void aDomainThatReplacesOneOfItsNameIsFoundAtOnce() throws Exception {
        String before = "11111111-c6ba-45a8-bfa6-702f1057d822";
        Pointer old = new Pointer(0x4000);
        Process ended = new ProcessBuilder("sleep", "60").start();
        when(libvirt.functions.virDomainLookupByUUIDString(any(), eq(before))).thenReturn(old);
        when(libvirt.functions.virDomainGetXMLDesc(any(), eq(0))).thenAnswer(call -> FakeLibvirt.text(named(before)));
        when(libvirt.functions.virDomainLookupByName(any(), eq("db"))).thenReturn(old);
        doAnswer(call -> {
                    byte[] uuid = before.getBytes(StandardCharsets.US_ASCII);
                    System.arraycopy(uuid, 0, call.getArgument(1, byte[].class), 0, uuid.length);
                    return 0;
                })
                .when(libvirt.functions)
                .virDomainGetUUIDString(eq(old), any());
        libvirt.respond("{\"return\": [{\"thread-id\": %d}]}".formatted(ended.pid()));
        try (LibvirtVms named = new LibvirtVms(connection, LibvirtVms.Naming.DOMAIN, GuestHeartbeats.NONE)) {
            assertThat(named.find("db")).map(LibvirtVm::uuid).contains(before);

            ended.destroyForcibly().waitFor();
            libvirt.respond("{\"return\": [{\"thread-id\": %d}]}"
                    .formatted(ProcessHandle.current().pid()));
            when(libvirt.functions.virDomainGetXMLDesc(any(), eq(0))).thenAnswer(call -> FakeLibvirt.text(named(UUID)));
            when(libvirt.functions.virDomainLookupByName(any(), eq("db"))).thenReturn(DOMAIN);

            assertThat(named.find("db")).map(LibvirtVm::uuid).contains(UUID);
        }
    }

    private static String named(String uuid) {
        return ("<domain type='kvm'><name>db</name><uuid>%s</uuid><memory unit='KiB'>262144</memory><vcpu>1</vcpu>"
                        + "</domain>")
                .formatted(uuid);
    }

    private Monitor monitor() {
        return vms.find(UUID).orElseThrow().monitor();
    }

    @Test
    void aDomainThatHasEndedIsRemoved() {
        libvirt.lists(List.of());

        vms.refresh();

        assertThat(vms.all()).isEmpty();
    }

    @Test
    void theListStaysAsItIsWhileLibvirtDoesNotAnswer() {
        doReturn(-1).when(libvirt.functions).virConnectListAllDomains(any(), any(), anyInt());
        libvirt.error(DISCONNECTED);

        vms.refresh();

        assertThat(vms.all()).hasSize(1);
    }

    @Test
    void theListStaysAsItIsIfAUuidCannotBeRead() {
        doReturn(-1).when(libvirt.functions).virDomainGetUUIDString(eq(DOMAIN), any());

        vms.refresh();

        assertThat(vms.all()).hasSize(1);
    }

    /** libvirt answers many questions about a domain that arrives only after it has arrived, which may take minutes. */
    @Test
    void aDomainThatArrivesIsNotAskedForItsXmlBeforeItIsHere() throws IOException {
        libvirt.state(PAUSED, PAUSED_MIGRATION);
        try (LibvirtVms destination = new LibvirtVms(connection)) {
            clearInvocations(libvirt.functions);
            destination.refresh();
            assertThat(destination.all()).isEmpty();
            assertThat(destination.find(UUID)).isEmpty();
            assertThat(destination.inMigration(UUID)).isTrue();
            verify(libvirt.functions, never()).virDomainGetXMLDesc(any(), anyInt());

            libvirt.state(RUNNING, 0);
            destination.refresh();
            assertThat(destination.all()).hasSize(1);
            assertThat(destination.inMigration(UUID)).isFalse();
        }
    }

    @Test
    void aDomainThatIsNotThereDoesNotArrive() throws IOException {
        assertThat(vms.inMigration("00000000-0000-4000-8000-000000000000")).isFalse();
    }

    @Test
    void aDomainThatIsGoneIsNotFound() {
        String gone = "00000000-0000-4000-8000-000000000000";
        libvirt.error(NO_DOMAIN);

        assertThat(vms.find(gone)).isEmpty();
    }

    @Test
    void aRefusalOfQemuIsReportedWithItsReason() {
        libvirt.respond("{\"error\": {\"class\": \"GenericError\", \"desc\": \"dirty-bitmap is not enabled\"}}");

        assertThatThrownBy(() -> monitor().execute("calc-dirty-rate", Map.of("calc-time", 50), LONG))
                .isInstanceOfSatisfying(
                        QmpException.class, e -> assertThat(e.refused()).isTrue())
                .hasMessage("QEMU refused calc-dirty-rate: dirty-bitmap is not enabled");
    }

    @Test
    void aCommandThatLibvirtCannotSendIsNoRefusalOfQemu() {
        libvirt.respond(call -> -1);
        libvirt.error("Timed out during operation: cannot acquire state change lock");

        assertThatThrownBy(() -> monitor().execute("query-status", Map.of(), LONG))
                .isInstanceOfSatisfying(
                        QmpException.class, e -> assertThat(e.refused()).isFalse())
                .hasMessage("Cannot send a QMP command to domain %s: ".formatted(UUID)
                        + "Timed out during operation: cannot acquire state change lock.");
    }

    @Test
    void aResponseThatIsNotJsonIsReported() {
        libvirt.respond("<qemu/>");

        assertThatThrownBy(() -> monitor().execute("query-status", Map.of(), LONG))
                .isInstanceOf(QmpException.class)
                .hasMessage("QEMU's response to query-status is not JSON.");
    }

    @Test
    void aQemuThatDoesNotAnswerTimesOut() {
        Monitor monitor = monitor();
        CountDownLatch never = new CountDownLatch(1);
        libvirt.respond(call -> {
            never.await(20, TimeUnit.SECONDS);
            return -1;
        });

        assertThatThrownBy(() -> monitor.execute("query-status", Map.of(), SHORT))
                .isInstanceOf(QmpException.class)
                .hasMessage("QEMU did not answer query-status within 50 ms.");
    }

    @Test
    void theJobsOfADomainThatIsGoneAreAnError() {
        LibvirtJobs jobs = new LibvirtJobs(connection, new DomainEvents(), Path.of("no-limits"));
        when(libvirt.functions.virDomainLookupByUUIDString(any(), any())).thenReturn(null);
        libvirt.error(NO_DOMAIN);

        assertThatThrownBy(() -> jobs.stats(UUID)).hasMessageContaining("Domain not found");
        assertThatThrownBy(() -> jobs.abort(UUID)).hasMessageContaining("Domain not found");
    }

    private VmLimits limits() {
        return limits(true);
    }

    private VmLimits limits(boolean askable) {
        LibvirtVm vm = vms.find(UUID).orElseThrow();
        return new DomainLimits(connection, Path.of("/proc"), any -> askable).read(vm);
    }

    @Test
    void withoutPermissionTheMonitorIsNotUsedToReadLimits() throws Exception {
        clearInvocations(libvirt.qemu);
        assertThat(limits(false).traits().blockers()).isNull();
        verifyNoInteractions(libvirt.qemu);

        AtomicInteger asked = new AtomicInteger();
        vms.askOnly(vm -> {
            asked.incrementAndGet();
            return false;
        });
        vms.refreshLimits();
        while (asked.get() == 0) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        verifyNoInteractions(libvirt.qemu);
        assertThat(limits(true).traits().blockers()).isEmpty();
    }

    /** The process of the domain is this one, which sees both paths on its root file system. */
    @Test
    void theDisksOnLocalFileSystemsAreAdded() {
        libvirt.devices("<disk type='file' device='disk'><source file='/a/disk'/><target dev='vda'/>"
                + "<driver type='qcow2'/></disk>"
                + "<disk type='file' device='disk'><source file='/b/disk'/><target dev='vdb'/><driver type='raw'/></disk>"
                + "<disk type='network' device='disk'><source protocol='rbd'/><target dev='vdc'/></disk>");
        libvirt.allocates("vda", 65_536, 7_000_000_000L); // a qcow2 file of which this QEMU has written little
        libvirt.allocates("vdb", 1_000, 8_000_000_000L); // a sparse file
        libvirt.allocates("vdc", 5_000, 5_000);

        try (LibvirtVms found = new LibvirtVms(connection)) {
            assertThat(found.find(UUID).orElseThrow().limits().diskBytes())
                    .as("known before the first reading")
                    .isEqualTo(7_000_001_000L);
        }
        assertThat(limits().diskBytes()).isEqualTo(7_000_001_000L);
    }

    @Test
    void aDeviceOfTheHostCountsUntilQemuSaysThatItCanBeMigrated() {
        libvirt.devices("<hostdev mode='subsystem' type='pci'/>");
        libvirt.respond(call -> -1);
        libvirt.error("Timed out");
        assertThat(limits().traits().immovable())
                .hasValueSatisfying(reason -> assertThat(reason).contains("hostdev pci", "could not be asked"));

        libvirt.respond("{\"return\": {}}");
        assertThat(limits().traits().immovable()).isEmpty();
        assertThat(limits().traits().excluded()).containsKey(Technique.POST_COPY);

        libvirt.respond("{\"return\": {\"blocked-reasons\": [\"VFIO\"]}}");
        assertThat(limits().traits().immovable())
                .hasValueSatisfying(reason -> assertThat(reason).contains("VFIO"));
    }

    @Test
    void whileLibvirtDoesNotAnswerTheLimitsStayAsTheyAre() {
        VmLimits before = vms.find(UUID).orElseThrow().limits();
        doReturn(null).when(libvirt.functions).virDomainGetXMLDesc(any(), anyInt());
        libvirt.error(DISCONNECTED);

        assertThat(limits()).isEqualTo(before);
    }

    @Test
    void tapsAreKnownAtOnceAndReadAgainWithTheLimits() throws Exception {
        libvirt.devices("<interface type='bridge'><target dev='vnet0'/></interface>");
        try (LibvirtVms list = new LibvirtVms(connection)) {
            list.refresh();
            assertThat(list.find(UUID).orElseThrow().taps()).containsExactly("vnet0");
            libvirt.devices("<interface type='bridge'><target dev='vnet0'/></interface>"
                    + "<interface type='bridge'><target dev='vnet7'/></interface>");
            list.refreshLimits();
            while (list.find(UUID).orElseThrow().taps().size() == 1) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            assertThat(list.find(UUID).orElseThrow().taps()).containsExactly("vnet0", "vnet7");
        }
    }
}
