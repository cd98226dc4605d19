package io.github.godwit.host.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.host.qmp.Announcement;
import io.github.godwit.host.qmp.MonitorPace;
import io.github.godwit.host.qmp.Qmp;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.profile.VmNic;
import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.InOrder;

/** A tap exists as long as its VM, however the VM or the host driver ends. */
class VmsWithNicTest {

    private static final VmNic NIC = new VmNic("52:54:00:00:00:01", "br0");
    private static final ProcessIdentity ENDED =
            new ProcessIdentity(ProcessHandle.current().pid(), 1);

    @TempDir
    Path directory;

    private final Taps taps = mock(Taps.class);
    private VmStore store;

    @BeforeEach
    void openStore() throws IOException {
        store = new VmStore(directory);
        Files.createFile(directory.resolve("kernel"));
    }

    private static VmDefinition vm(VmNic nic) {
        return new VmDefinition(
                "web", MemorySize.parse("64M"), 1, "kernel", "", Accelerator.TCG, 0, 0, nic, null, null);
    }

    private VmInventory inventory(String qemu) {
        return new VmInventory(
                store,
                new QemuLauncher(),
                new QemuCommandLine(qemu),
                directory,
                taps,
                running -> mock(HeartbeatSource.class));
    }

    @Test
    void theTapOfAVmThatEndedWithoutAHostDriverIsRemovedAtTheNextStart() throws IOException {
        store.save(new VmRecord(vm(NIC), ENDED, null, null));
        try (VmInventory inventory = inventory("true")) {
            inventory.rediscover();
        }
        verify(taps).remove(store.directory("web").tap());
        assertThat(store.load()).isEmpty();
    }

    @Test
    void theRecordOfAVmIsKeptAsLongAsItsTapIsRememberedNowhereElse() throws IOException {
        store.save(new VmRecord(vm(NIC), ENDED, null, null));
        doThrow(new IOException("No space left on device")).when(taps).remove(any());
        try (VmInventory inventory = inventory("true")) {
            assertThatThrownBy(inventory::rediscover).hasMessageContaining("No space left");
        }
        assertThat(store.load()).hasSize(1);
    }

    @Test
    void tapsThatCouldNotBeRemovedAreRemovedByTheHousekeeping() throws IOException {
        try (VmInventory inventory = inventory("true")) {
            inventory.sweep();
        }
        verify(taps).removeLeftovers();
    }

    @Test
    void aQemuThatDoesNotStartLeavesNoTap() throws IOException {
        try (VmInventory inventory = inventory("false")) {
            assertThatThrownBy(() -> inventory.boot(vm(NIC))).isInstanceOf(IOException.class);
        }
        InOrder order = inOrder(taps);
        order.verify(taps).create(store.directory("web").tap(), "br0");
        order.verify(taps).remove(store.directory("web").tap());
    }

    @Test
    void withoutItsBridgeAVmIsNotStartedAndLeavesNothing() throws IOException {
        doThrow(new IOException("no bridge")).when(taps).create(any(), eq("br0"));
        try (VmInventory inventory = inventory("true")) {
            assertThatThrownBy(() -> inventory.boot(vm(NIC))).hasMessage("no bridge");
            assertThat(inventory.all()).isEmpty();
        }
        assertThat(store.directory("web").path()).doesNotExist();
    }

    @Test
    void aVmWithoutANicHasNoTap() throws IOException {
        store.save(new VmRecord(vm(null), ENDED, null, null));
        try (VmInventory inventory = inventory("true")) {
            inventory.rediscover();
        }
        verify(taps, never()).remove(any());
    }

    @Test
    void onlyAVmWithANicIsAnnouncedAndHasATap() throws IOException {
        Qmp qmp = mock(Qmp.class);
        when(qmp.pace()).thenReturn(new MonitorPace());
        HostedVm wired = hosted(NIC, qmp);
        wired.announce();
        verify(qmp).execute("announce-self", Announcement.arguments());
        assertThat(wired.taps()).containsExactly(store.directory("web").tap());

        Qmp other = mock(Qmp.class);
        when(other.pace()).thenReturn(new MonitorPace());
        HostedVm plain = hosted(null, other);
        plain.announce();
        verify(other, never()).execute(any(), any());
        assertThat(plain.taps()).isEmpty();
    }

    @SuppressWarnings("MustBeClosedChecker")
    private HostedVm hosted(VmNic nic, Qmp qmp) {
        return new HostedVm(
                store,
                new VmRecord(vm(nic), ENDED, null, null),
                qmp,
                running -> mock(HeartbeatSource.class),
                new VmLimitsWatch<>(each -> VmLimits.NONE));
    }
}
