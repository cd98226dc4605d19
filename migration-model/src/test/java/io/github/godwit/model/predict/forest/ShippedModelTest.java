package io.github.godwit.model.predict.forest;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.Vms;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShippedModelTest {

    @Test
    void knowsTheTechniquesOfToday() {
        assertThat(ShippedModel.read().techniques())
                .contains(
                        Technique.PRE_COPY,
                        Technique.POST_COPY,
                        Technique.PRE_POST_COPY,
                        Technique.AUTO_CONVERGE,
                        Technique.XBZRLE,
                        Technique.ZSTD,
                        Technique.ZLIB,
                        Technique.MULTIFD,
                        Technique.POST_COPY_PREEMPT);
    }

    @Test
    void foreseesAnOrdinaryMigration() {
        Prediction prediction = ShippedModel.predictor().predict(DrawnModels.CASE, Technique.PRE_COPY);

        // 64 MiB of content at 1 Gbit/s take half a second, and more with what is written meanwhile
        assertThat(prediction.value(Metric.TOTAL_TIME)).isBetween(500.0, 5000.0);
        assertThat(prediction.value(Metric.TRANSFERRED_DATA)).isBetween(64.0, 500.0);
    }

    /** Hosts of a cloud have many cores, and little memory left; none of that makes a migration unlike those of the lab. */
    @ParameterizedTest(name = "{0}: {1} cores, load {2}, memory {3}, {4}, {5} vCPUs")
    @CsvSource({
        "the lab,              1, 0.3, 0.02, QEMU,    1, 0",
        "half of the memory,   1, 0.3, 0.5,  QEMU,    1, 0",
        "hardly any memory,    1, 0.3, 0.94, QEMU,    1, 0",
        "many cores,         128, 0.5, 0.02, QEMU,    1, 0",
        "libvirt,              1, 0.3, 0.02, LIBVIRT, 1, 0",
        "vCPUs,                1, 0.3, 0.02, QEMU,    4, 0",
        "traffic of the VM,    1, 0.3, 0.02, QEMU,    1, 200",
        "all of that,        128, 0.5, 0.8,  LIBVIRT, 8, 50"
    })
    void aHostOfACloudIsFamiliar(
            String what, double cores, double load, double memory, Hypervisor hypervisor, int vcpus, int megabits) {
        HostProfile source = host("h1", cores, load, memory, hypervisor);
        HostProfile destination = host("h2", cores, load, memory, hypervisor);
        VmProfile vm = Vms.running(
                DrawnModels.CASE.vm(),
                vcpus,
                new Traffic(Bandwidth.ofMegabits(megabits), Bandwidth.ofMegabits(megabits)));
        MigrationCase migration = new MigrationCase(
                vm, source, destination, LinkProfile.between(source, destination, 0.1), MigrationTuning.forVm(vm));
        for (Technique technique : ShippedModel.read().techniques()) {
            assertThat(ShippedModel.predictor().predict(migration, technique).basis())
                    .as("%s with %s", technique, what)
                    .isEqualTo(Basis.LEARNED);
        }
    }

    private static HostProfile host(String name, double cores, double load, double memory, Hypervisor hypervisor) {
        return new HostProfile(
                name,
                cores,
                load,
                MemorySize.parse("64G"),
                memory,
                Bandwidth.ofMegabits(1000),
                Traffic.NONE,
                0,
                hypervisor);
    }
}
