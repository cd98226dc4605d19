package io.github.godwit.hostapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Recalibration;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Records as the first release wrote them, with the members that they had then. Later ones have a meaning where they are missing. */
class StoredRecordsTest {

    private static <T> T read(String file, Class<T> type) throws IOException {
        try (InputStream stored = StoredRecordsTest.class.getResourceAsStream("older/" + file)) {
            // What people send may have no member that this release does not know either.
            return WireJson.strictMapper().readValue(stored, type);
        }
    }

    @Test
    void theStatusOfAHostOfTheFirstRelease() throws IOException {
        HostStatus host = read("host-status.json", HostStatus.class);

        assertThat(host.profile().traffic().out()).isEqualTo(Bandwidth.ofMegabits(7));
        assertThat(host.capabilities().refused()).containsOnlyKeys(Technique.ZSTD);
        assertThat(host.reservations()).isEqualTo(new ReservationSupport(false, "no ifb", "", false));
        assertThat(host.recalibration()).isEqualTo(Recalibration.NONE);
        assertThat(host.hugePages()).isEmpty();
        assertThat(host.refusals()).isEmpty();
        assertThat(host.portRefusals()).isEmpty();
        assertThat(host.godwit()).isEqualTo(HostSwitch.ON);
        assertThat(host.policies()).isNull();
        assertThat(host.linkDrop()).isNull();
        assertThat(host.nic()).isNull();
        assertThat(host.applications()).isEqualTo(host.profile());
        assertThat(host.expected()).isEqualTo(host.profile());
    }

    @Test
    void theStatusOfAVmOfTheFirstRelease() throws IOException {
        VmStatus vm = read("vm-status.json", VmStatus.class);

        assertThat(vm.definition().diskBytes()).isZero();
        assertThat(vm.profiling()).isNull();
        assertThat(vm.excluded()).isEmpty();
        assertThat(vm.immovable()).isNull();
        assertThat(vm.trafficClass()).isEqualTo(TrafficClass.INBOUND);
        assertThat(vm.forecast()).isNull();
        assertThat(vm.on("h2").host()).isEqualTo("h2");
    }

    @Test
    void aRequestOfTheFirstRelease() throws IOException {
        assertThat(read("migration-request.json", MigrationRequest.class))
                .isEqualTo(MigrationRequest.of("web", URI.create("http://10.0.0.2:9622"))
                        .technique(Technique.ZSTD)
                        .policy("save_traffic")
                        .reservation(Bandwidth.ofMegabits(600))
                        .timeLimit(Duration.ofSeconds(90))
                        .downtimeLimit(Duration.ofMillis(200))
                        .id(UUID.fromString("00000000-0000-0000-0000-000000000007"))
                        .build());
    }

    /** A row of the migrations that the shipped model was trained on. */
    @Test
    void anOutcomeOfTheFirstRelease() throws IOException {
        Outcome outcome = read("outcome.json", Outcome.class);

        assertThat(outcome.technique()).isEqualTo(Technique.POST_COPY_PREEMPT);
        assertThat(outcome.measured()).containsEntry(Metric.TOTAL_TIME, 369.0);
        assertThat(outcome.policyVersion()).isNull();
        assertThat(outcome.diskBytes()).isZero();
        assertThat(outcome.incomparable()).isNull();
        assertThat(outcome.rates()).isNull();
        assertThat(outcome.perfProxy()).isNull();
        assertThat(outcome.outsideView()).isEmpty();
        assertThat(outcome.withProxy()).isEqualTo(outcome);
        assertThat(outcome.measured()).containsEntry(Metric.DOWNTIME, 1.0);
        assertThat(outcome.labels()).isEqualTo(outcome.metrics()).containsEntry(Metric.DOWNTIME, 16.323);
        assertThat(outcome.apart(Technique.PRE_COPY, "why", 5, outcome.prediction())
                        .diskBytes())
                .isEqualTo(5);
    }

    /** A newer host driver may leave out whatever a client does not need. */
    @Test
    void noMemberOfAStatusIsNeededToReadTheOthers() throws IOException {
        ObjectMapper json = WireJson.mapper();
        ObjectNode whole = json.valueToTree(read("host-status.json", HostStatus.class));
        for (String member : whole.properties().stream().map(Map.Entry::getKey).toList()) {
            ObjectNode without = whole.deepCopy();
            without.remove(member);
            assertThat(json.treeToValue(without, HostStatus.class).agentVersion())
                    .as("without %s", member)
                    .isEqualTo(member.equals("agentVersion") ? null : "0.1.0-SNAPSHOT");
        }
    }
}
