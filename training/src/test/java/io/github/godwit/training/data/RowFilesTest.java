package io.github.godwit.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.predict.Features;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.ProfilePart;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.training.TrainingRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowFilesTest {

    @TempDir
    private Path directory;

    private static VmProfile vm(DatasetRow row) {
        return row.outcome().migrationCase().vm();
    }

    @Test
    void writtenRowsAreReadUnchanged() throws IOException {
        DatasetRow kvm = TrainingRows.real(1).get(0);
        List<DatasetRow> rows = List.of(kvm, TrainingRows.runBy(Accelerator.TCG, kvm));
        Path file = directory.resolve("rows.jsonl.gz");

        RowFiles.write(file, rows);

        assertThat(RowFiles.read(file)).isEqualTo(rows);
        assertThat(RowFiles.read(file).get(1).outcome().migrationCase().vm().accelerator())
                .isEqualTo(Accelerator.TCG);
    }

    @Test
    void aMigrationThatCopiedDisksTooIsLeftOut() throws IOException {
        DatasetRow plain = TrainingRows.real(1).get(0);
        Outcome outcome = plain.outcome();
        DatasetRow withDisks = DatasetRow.of(
                outcome.apart(outcome.technique(), "it includes the copy of local disks", 9_000, outcome.prediction()));
        Path file = directory.resolve("rows.jsonl");

        RowFiles.write(file, List.of(withDisks, plain));

        assertThat(RowFiles.read(file)).containsExactly(plain);
    }

    @Test
    void aRowFromBeforeAcceleratorsAndAgesWereRecordedIsOfKvmAndMeasuredJustThen() throws IOException {
        ObjectNode old = WireJson.mapper().valueToTree(TrainingRows.real(1).get(0));
        ((ObjectNode) old.at("/outcome/migrationCase/vm")).remove(List.of("accelerator", "agesMillis"));

        DatasetRow row = read(old);

        assertThat(vm(row).accelerator()).isEqualTo(Accelerator.KVM);
        assertThat(vm(row).allFresh()).isTrue();
        assertThat(vm(row).missing()).isEmpty();
    }

    @Test
    void aRowFromBeforeHypervisorsWereRecordedIsOfPlainQemu() throws IOException {
        ObjectNode old = WireJson.mapper().valueToTree(TrainingRows.real(1).get(0));
        old.remove(List.of("hypervisor", "accelerator"));

        DatasetRow row = read(old);

        assertThat(row.hypervisor()).isEqualTo("qemu");
        assertThat(row.accelerator()).isEqualTo("kvm");
    }

    @Test
    void aRowOfLibvirtSaysSoInItsCaseAndInItsColumn() throws IOException {
        ObjectNode row = WireJson.mapper().valueToTree(TrainingRows.real(1).get(0));
        row.remove("hypervisor");
        ((ObjectNode) row.at("/outcome/migrationCase/source")).put("hypervisor", "LIBVIRT");

        assertThat(read(row).hypervisor()).isEqualTo("libvirt");
        assertThat(
                        Features.of(read(row).outcome().migrationCase())[
                                Features.names().indexOf("LIBVIRT")])
                .isEqualTo(1);

        row.put("hypervisor", "qemu");
        assertThatThrownBy(() -> read(row)).hasMessageContaining("is not that of its case");
    }

    @Test
    void thePartsOfAProfileAndTheirAgesAreKept() throws IOException {
        ObjectNode partial = WireJson.mapper().valueToTree(TrainingRows.real(1).get(0));
        ((ObjectNode) partial.at("/outcome/migrationCase/vm"))
                .putObject("agesMillis")
                .put("WRITES", 40_000)
                .put("CONTENT", 0);

        DatasetRow row = read(partial);

        assertThat(vm(row).agesMillis()).isEqualTo(Map.of(ProfilePart.WRITES, 40_000L, ProfilePart.CONTENT, 0L));
        assertThat(vm(row).missing()).containsExactly(ProfilePart.VCPU_USE);
    }

    private DatasetRow read(ObjectNode line) throws IOException {
        Path file = directory.resolve("rows.jsonl");
        Files.writeString(file, WireJson.mapper().writeValueAsString(line) + "\n");
        return RowFiles.read(file).get(0);
    }
}
