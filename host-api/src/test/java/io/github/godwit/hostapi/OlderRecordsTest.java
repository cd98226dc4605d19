package io.github.godwit.hostapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.profile.VmNic;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.MigrationLimits;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import io.github.godwit.model.unit.Version;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Records of older releases, in outcomes and from other host drivers, lack members. */
class OlderRecordsTest {

    private final ObjectMapper json = WireJson.mapper();

    @Test
    void aTuningWithoutALimitForPostCopyHasNone() throws IOException {
        ObjectNode older = json.valueToTree(MigrationTuning.DEFAULT);
        older.remove("postcopyBandwidth");

        assertThat(json.treeToValue(older, MigrationTuning.class)).isEqualTo(MigrationTuning.DEFAULT);
    }

    @Test
    void aHostWithoutRulesPermitsEverything() throws IOException {
        HostCapabilities free =
                new HostCapabilities("h1", Version.of(10, 0), Version.of(11, 3), Map.of(Technique.POST_COPY, "no"));
        ObjectNode older = json.valueToTree(free);
        older.remove("forbidden");
        older.remove("limits");

        assertThat(json.treeToValue(older, HostCapabilities.class)).isEqualTo(free);
    }

    @Test
    void aHostOfPlainQemuIsWrittenAsBeforeLibvirtWasRecorded() throws IOException {
        HostProfile qemu = new HostProfile(
                "h1", 1, 0.5, MemorySize.ofMebibytes(1024), 0.5, Bandwidth.ofMegabits(1000), Traffic.NONE, 1);
        HostProfile libvirt = new HostProfile(
                "h1",
                1,
                0.5,
                MemorySize.ofMebibytes(1024),
                0.5,
                Bandwidth.ofMegabits(1000),
                Traffic.NONE,
                1,
                Hypervisor.LIBVIRT);

        assertThat(json.writeValueAsString(qemu)).doesNotContain("hypervisor");
        assertThat(json.readValue(json.writeValueAsString(qemu), HostProfile.class))
                .isEqualTo(qemu);
        assertThat(json.writeValueAsString(libvirt)).contains("\"hypervisor\":\"LIBVIRT\"");
        assertThat(json.readValue(json.writeValueAsString(libvirt), HostProfile.class))
                .isEqualTo(libvirt);
    }

    @Test
    void theRulesOfAHostAreOnTheWire() throws IOException {
        HostCapabilities strict = new HostCapabilities("h1", Version.of(10, 0), null, Map.of())
                .under(
                        Map.of(Technique.AUTO_CONVERGE, "is forbidden"),
                        new MigrationLimits(Duration.ofMillis(500), Bandwidth.ofMegabits(800), 4, true));

        String text = json.writeValueAsString(strict);

        assertThat(text).contains("\"forbidden\":{\"THR\":\"is forbidden\"}", "\"downtimeLimit\":\"PT0.5S\"");
        assertThat(json.readValue(text, HostCapabilities.class)).isEqualTo(strict);
    }

    @Test
    void aVmOfAnOlderHostDriverHasNoLimitsAndNoDisks() throws IOException {
        VmDefinition definition = new VmDefinition("vm", MemorySize.parse("256M"), 1, "kernel", "", Accelerator.KVM, 0);
        VmStatus vm = new VmStatus(
                "vm",
                "h1",
                "running",
                definition,
                7,
                0.5,
                MemorySize.parse("1G"),
                Traffic.NONE,
                null,
                null,
                Map.of(),
                null,
                null,
                null);
        ObjectNode older = json.valueToTree(vm);
        older.remove("excluded");
        older.remove("immovable");
        older.remove("profiling");
        older.withObject("/definition").remove("diskBytes");

        assertThat(json.treeToValue(older, VmStatus.class)).isEqualTo(vm);
    }

    @Test
    void whatRulesOutTechniquesIsOnTheWireAndStaysWithTheVm() throws IOException {
        VmStatus pinned = new VmStatus(
                "vm",
                "h1",
                "running",
                null,
                7,
                0.5,
                MemorySize.parse("1G"),
                Traffic.NONE,
                null,
                "monitor",
                Map.of(Technique.POST_COPY, "cannot migrate this server: it has encrypted memory"),
                "it has encrypted memory",
                null,
                null);

        String text = json.writeValueAsString(pinned);

        assertThat(text).contains("\"excluded\":{\"POST\":\"cannot migrate", "\"immovable\":\"it has encrypted");
        assertThat(json.readValue(text, VmStatus.class)).isEqualTo(pinned);
        assertThat(pinned.on("h2")
                        .withLoad(1, MemorySize.parse("2G"), Traffic.NONE)
                        .immovable())
                .isEqualTo("it has encrypted memory");
    }

    /** A host driver of the last release refuses a member that it does not know. */
    @Test
    void aDefinitionWithoutLocalDisksIsTheSameAsBefore() {
        VmDefinition definition = new VmDefinition("vm", MemorySize.parse("256M"), 1, "kernel", "", Accelerator.KVM, 0);

        assertThat(json.<ObjectNode>valueToTree(definition).has("diskBytes")).isFalse();
        assertThat(WireJson.strictMapper()
                        .<ObjectNode>valueToTree(definition.withDiskBytes(5))
                        .path("diskBytes")
                        .asLong())
                .isEqualTo(5);
    }

    @Test
    void aDefinitionWithoutANicIsTheSameAsBefore() throws IOException {
        VmDefinition plain = new VmDefinition("vm", MemorySize.parse("256M"), 1, "kernel", "", Accelerator.KVM, 0);
        VmDefinition wired = new VmDefinition(
                "vm",
                MemorySize.parse("256M"),
                1,
                "kernel",
                "",
                Accelerator.KVM,
                0,
                0,
                new VmNic("52:54:00:12:34:56", "br0"),
                "initrd",
                "pc-i440fx-7.2");

        ObjectNode older = json.valueToTree(plain);
        assertThat(older.has("nic") || older.has("initrd") || older.has("machine"))
                .isFalse();
        assertThat(json.treeToValue(older, VmDefinition.class)).isEqualTo(plain);
        assertThat(json.treeToValue(json.valueToTree(wired), VmDefinition.class))
                .isEqualTo(wired);
        assertThat(wired.withDiskBytes(5).nic()).isEqualTo(wired.nic());
    }

    @Test
    void theMemoryThatIsKeptForAHostIsOptional() throws IOException {
        HostCapabilities keeping =
                new HostCapabilities("h1", Version.of(10, 0), null, Map.of()).reserving(MemorySize.ofMebibytes(512));
        ObjectNode older = json.valueToTree(keeping);

        assertThat(json.treeToValue(older, HostCapabilities.class)).isEqualTo(keeping);
        older.remove("reservedMemory");
        assertThat(json.treeToValue(older, HostCapabilities.class).reservedMemory())
                .isEqualTo(new MemorySize(0));
    }

    @Test
    void aHostWithoutRefusalsAndSwitchIsOnAndRefusesNothing() throws IOException {
        HostStatus read = json.readValue("{\"migrationAddress\": \"10.0.0.1\"}", HostStatus.class);

        assertThat(read.refusals()).isEmpty();
        assertThat(read.godwit()).isEqualTo(HostSwitch.ON);
    }

    @Test
    void anOutcomeWithoutAMarkMayBeCompared() throws IOException {
        Outcome outcome = json.readValue("{\"migrationId\": \"m\"}", Outcome.class);

        assertThat(outcome.incomparable()).isNull();
        assertThat(outcome.diskBytes()).isZero();
    }

    @Test
    void whatAnOlderHostDriverRunsIsNotOnlyObserved() throws IOException {
        assertThat(json.readValue("{\"migrationId\": \"m\"}", Outcome.class).observed())
                .isNull();
        MigrationStatus older = json.readValue("{\"id\": \"m\", \"phase\": \"COMPLETED\"}", MigrationStatus.class);
        assertThat(older.observed()).isFalse();
        assertThat(older.brief()).isEqualTo(older);
    }

    @Test
    void howManyMigrationsLeaveAHostAtTheSameTimeIsOptional() throws IOException {
        MigrationLimits limits = new MigrationLimits(Duration.ofMillis(500), null, 0, false, 4);
        ObjectNode older = json.valueToTree(limits);

        assertThat(json.treeToValue(older, MigrationLimits.class)).isEqualTo(limits);
        older.remove("maxConcurrent");
        assertThat(json.treeToValue(older, MigrationLimits.class).maxConcurrent())
                .isNull();
    }

    @Test
    void aVmShowsTheClassOfItsTrafficEvenIfItsHostDriverDoesNot() throws IOException {
        Traffic receiving = new Traffic(Bandwidth.ofMegabits(130), Bandwidth.ofMegabits(100));
        VmStatus vm = new VmStatus(
                "vm",
                "h1",
                "running",
                null,
                7,
                0.5,
                MemorySize.parse("1G"),
                receiving,
                null,
                null,
                Map.of(),
                null,
                null,
                null);
        ObjectNode older = json.valueToTree(vm);

        assertThat(older.path("trafficClass").asText()).isEqualTo("INBOUND");
        older.remove("trafficClass");
        assertThat(json.treeToValue(older, VmStatus.class)).isEqualTo(vm);
        assertThat(vm.withLoad(1, MemorySize.parse("1G"), Traffic.NONE).trafficClass())
                .isEqualTo(TrafficClass.IDLE);
    }

    @Test
    void theTrafficOfApplicationsIsThatOfTheNicWithoutMigrations() throws IOException {
        HostProfile profile = new HostProfile(
                "h1",
                4,
                0,
                MemorySize.parse("8G"),
                0,
                Bandwidth.parse("1gbit"),
                new Traffic(Bandwidth.ofMegabits(50), Bandwidth.ofMegabits(700)));
        HostStatus status = new HostStatus(
                profile,
                new HostCapabilities("h1", Version.of(10, 0), null, Map.of()),
                "10.0.0.1",
                null,
                "0.1",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                "eth0",
                new Traffic(Bandwidth.ofMegabits(60), Bandwidth.ofMegabits(400)),
                null,
                null);
        ObjectNode older = json.valueToTree(status);

        assertThat(json.treeToValue(older, HostStatus.class)).isEqualTo(status);
        assertThat(status.applications().traffic()).isEqualTo(new Traffic(Bandwidth.ZERO, Bandwidth.ofMegabits(300)));
        assertThat(status.with(List.of(), List.of(), HostSwitch.ON).withProfile(profile))
                .isEqualTo(status);
        older.remove(List.of("nic", "migrationTraffic"));
        assertThat(json.treeToValue(older, HostStatus.class).applications()).isEqualTo(profile);
    }

    @Test
    void whatIsExpectedMovesWithTheVmsThatAPlanMoves() throws IOException {
        HostProfile profile = new HostProfile(
                "h1",
                4,
                0,
                MemorySize.parse("8G"),
                0,
                Bandwidth.parse("1gbit"),
                new Traffic(Bandwidth.ofMegabits(50), Bandwidth.ofMegabits(700)));
        HostStatus status = new HostStatus(
                profile,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                new Traffic(Bandwidth.ofMegabits(100), Bandwidth.ofMegabits(300)),
                null);

        assertThat(status.expected().traffic()).isEqualTo(status.forecast());
        assertThat(status.with(List.of(), List.of(), HostSwitch.ON).expected()).isEqualTo(status.expected());
        // A VM with 20 and 200 Mbit/s leaves.
        HostStatus without = status.withProfile(new HostProfile(
                "h1",
                4,
                0,
                MemorySize.parse("8G"),
                0,
                Bandwidth.parse("1gbit"),
                new Traffic(Bandwidth.ofMegabits(30), Bandwidth.ofMegabits(500))));
        assertThat(without.expected().traffic())
                .isEqualTo(new Traffic(Bandwidth.ofMegabits(80), Bandwidth.ofMegabits(100)));
        ObjectNode older = json.valueToTree(status);
        older.remove("forecast");
        assertThat(json.treeToValue(older, HostStatus.class).expected()).isEqualTo(profile);
    }
}
