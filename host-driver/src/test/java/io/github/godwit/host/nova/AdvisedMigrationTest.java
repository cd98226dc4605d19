package io.github.godwit.host.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyMap;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.common.FakeServer;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.migrate.OngoingMigration;
import io.github.godwit.host.migrate.libvirt.QmpMigrationOverrides;
import io.github.godwit.host.nova.NovaMessage.Kind;
import io.github.godwit.host.nova.NovaSupervisionEvent.Place;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.model.technique.LibvirtSettings;
import io.github.godwit.model.technique.Technique;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

/** Where a VM is, and what is put back in its QEMU. */
class AdvisedMigrationTest {

    private final FakeServer peer = new FakeServer();
    private final Vm vm = mock();
    private final OngoingMigration run = mock();
    private final Monitor monitor = mock();

    AdvisedMigrationTest() throws Exception {}

    @BeforeEach
    void wire() throws Exception {
        when(run.vm()).thenReturn(vm);
        when(vm.name()).thenReturn("vm");
        when(vm.monitor()).thenReturn(monitor);
        when(monitor.execute(any())).thenCallRealMethod();
        when(run.request())
                .thenReturn(MigrationRequest.of("vm", peer.url())
                        .technique(Technique.PRE_COPY)
                        .build());
    }

    @AfterEach
    void stop() {
        peer.close();
    }

    private AdvisedMigration migration() {
        MigrationParts parts = new MigrationParts(
                null,
                null,
                url -> HostDriverClient.of(url, null),
                null,
                null,
                null,
                null,
                null,
                outcome -> {},
                null,
                null,
                null);
        return new AdvisedMigration(
                parts,
                run,
                new NovaMessage(Kind.ASK, "vm", "there", null, 27, null, null, null),
                Technique.POST_COPY,
                null,
                null,
                null,
                () -> false,
                note -> {});
    }

    private void peerReports(String state) throws Exception {
        VmStatus status =
                new VmStatus("vm", "there", state, null, 1, 0, null, null, null, null, Map.of(), null, null, null);
        peer.when("GET /v1/vms/vm", 200, WireJson.mapper().writeValueAsString(status));
    }

    @Test
    void aVmWhoseQemuRunsIsHere() {
        when(vm.alive()).thenReturn(true);
        assertThat(migration().place()).isEqualTo(Place.HERE);
        assertThat(peer.requests()).isEmpty();
    }

    @Test
    void aVmThatHasGoneIsThereIfItRunsThere() throws Exception {
        assertThat(migration().place()).isEqualTo(Place.UNKNOWN);
        peerReports("inmigrate");
        assertThat(migration().place()).isEqualTo(Place.UNKNOWN);
        peerReports("running");
        assertThat(migration().place()).isEqualTo(Place.THERE);
        peer.stop();
        assertThat(migration().place()).isEqualTo(Place.UNKNOWN);
    }

    @Test
    void parametersAreSetAsTheyWere() throws Exception {
        when(monitor.execute(eq("query-migrate-parameters"), anyMap()))
                .thenReturn(new ObjectMapper().readTree("{\"vcpu-dirty-limit\": 1, \"max-bandwidth\": 7}"));
        QmpMigrationOverrides overrides = QmpMigrationOverrides.apply(
                vm, new LibvirtSettings(Set.of(), Map.of(), Set.of("dirty-limit"), Map.of("vcpu-dirty-limit", 40)));
        overrides.lift();
        overrides.lift();

        InOrder order = inOrder(monitor);
        order.verify(monitor).execute("migrate-set-parameters", Map.of("vcpu-dirty-limit", 40));
        order.verify(monitor).execute("migrate-set-capabilities", capability(true));
        order.verify(monitor).execute("migrate-set-capabilities", capability(false));
        order.verify(monitor)
                .execute("migrate-set-parameters", Map.of("vcpu-dirty-limit", new ObjectMapper().valueToTree(1)));
        order.verify(monitor).execute("cancel-vcpu-dirty-limit", Map.of());
        order.verifyNoMoreInteractions();
    }

    private static Map<String, Object> capability(boolean on) {
        return Map.of("capabilities", List.of(Map.of("capability", "dirty-limit", "state", on)));
    }
}
