package io.github.godwit.lab.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.lab.collect.DesignedVm.Leg;
import io.github.godwit.lab.guest.LabVms;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CollectionDesignTest {

    private static List<DesignedVm> vms(long seed) {
        CollectionDesign design = new CollectionDesign(DesignRegion.SHORT, seed);
        return IntStream.range(0, 400).mapToObj(design::vm).toList();
    }

    @Test
    void theSameSeedGivesTheSameDesign() {
        assertThat(vms(3)).isEqualTo(vms(3)).isNotEqualTo(vms(4));
    }

    @Test
    void everyVmHoldsWhatItsGuestTouches() {
        for (DesignedVm vm : vms(1)) {
            for (Leg leg : List.of(vm.there(), vm.back())) {
                double needed = leg.workload().touched().mebibytes() + LabVms.GUEST_OWN.mebibytes();
                assertThat(vm.memory().mebibytes()).as(vm.toString()).isGreaterThanOrEqualTo(needed);
                assertThat(leg.timeLimit().toMillis()).isBetween(3000L, 15_000L);
                assertThat(leg.downtimeLimit().toMillis()).isBetween(30L, 1000L);
            }
            assertThat(vm.memory().mebibytes()).isBetween(128.0, 1024.0);
        }
    }

    @Test
    void largeCasesHaveOneToFourVcpusInEveryFamilyAndOnEveryLink() {
        CollectionDesign design = new CollectionDesign(DesignRegion.LARGE, 1);
        List<DesignedVm> large = IntStream.range(0, 400).mapToObj(design::vm).toList();

        assertThat(large).allSatisfy(vm -> {
            assertThat(vm.memory().mebibytes()).isBetween(512.0, 4096.0);
            assertThat(vm.there().workload().touched().mebibytes()).isBetween(100.0, 2400.0);
            assertThat(vm.memory().mebibytes())
                    .isGreaterThan(vm.there().workload().touched().mebibytes() + LabVms.GUEST_OWN.mebibytes());
        });
        assertThat(large.stream().filter(vm -> vm.memory().mebibytes() > 2048).count())
                .isGreaterThan(60);
        for (int first = 0; first < 400; first += CollectionDesign.VMS_PER_LINK) {
            assertThat(large.subList(first, first + CollectionDesign.VMS_PER_LINK))
                    .extracting(DesignedVm::vcpus)
                    .containsExactlyInAnyOrder(1, 2, 3, 4);
        }
        for (WorkloadFamily family : WorkloadFamily.values()) {
            assertThat(large.stream().filter(vm -> vm.family() == family).limit(4))
                    .extracting(DesignedVm::vcpus)
                    .containsExactlyInAnyOrder(1, 2, 3, 4);
        }
        assertThat(vms(1)).extracting(DesignedVm::vcpus).containsOnly(1);
    }

    @Test
    void longCasesTakeSecondsAndWriteMore() {
        CollectionDesign design = new CollectionDesign(DesignRegion.LONG, 1);
        List<DesignedVm> busy = IntStream.range(0, 400).mapToObj(design::vm).toList();

        assertThat(busy)
                .allSatisfy(vm -> assertThat(vm.there().timeLimit().toMillis()).isBetween(2000L, 9_600L));
        assertThat(medianWorkingSet(busy)).isGreaterThan(2 * medianWorkingSet(vms(1)));
    }

    @ParameterizedTest
    @CsvSource({"SLOW, 1.9, 6.1", "HEAVY, 1.4, 4.1"})
    void slowAndHeavyCasesHaveMuchToSend(DesignRegion region, double least, double most) {
        CollectionDesign design = new CollectionDesign(region, 1);
        assertThat(IntStream.range(0, 400).mapToObj(design::vm)).allSatisfy(vm -> {
            double firstRound =
                    vm.there().workload().touched().bytes() / vm.link().bytesPerSecond();
            assertThat(firstRound).isBetween(least, most);
            assertThat(vm.there().timeLimit().toMillis() / 1e3).isBetween(4 + 3 * least, 4 + 3 * most);
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = DesignRegion.class,
            names = {"BUSY", "QUICK", "HEAVY"})
    void busyVmsWriteAboutAsFastAsTheirLink(DesignRegion region) {
        CollectionDesign design = new CollectionDesign(region, 1);
        for (int number = 0; number < 200; number++) {
            DesignedVm vm = design.vm(number);
            double dirty = vm.there().workload().dirtyBytesPerSecond().bytes()
                    / vm.link().bytesPerSecond();
            assertThat(dirty).as(vm.toString()).isBetween(0.55, 2.6);
            assertThat(vm.family()).isNotIn(WorkloadFamily.IDLE, WorkloadFamily.COMPUTE, WorkloadFamily.WEB);
        }
    }

    private static double medianWorkingSet(List<DesignedVm> vms) {
        double[] sorted = vms.stream()
                .mapToDouble(vm -> vm.there().workload().workingSet().mebibytes())
                .sorted()
                .toArray();
        return sorted[sorted.length / 2];
    }

    @Test
    void linksSpanTwoDecadesAndFourVmsShareOne() {
        List<DesignedVm> vms = vms(1);
        double[] links = vms.stream().mapToDouble(vm -> vm.link().megabits()).toArray();

        assertThat(Arrays.stream(links).allMatch(link -> link >= 100 && link <= 10_000))
                .isTrue();
        assertThat(Arrays.stream(links).filter(link -> link < 250).count()).isBetween(60L, 100L);
        assertThat(Arrays.stream(links).filter(link -> link > 4000).count()).isBetween(60L, 100L);
        assertThat(Arrays.stream(links).distinct().count()).isGreaterThan(90);
        assertThat(links[0]).isEqualTo(links[3]);
    }

    @Test
    void everyFamilyOccursEquallyOften() {
        for (WorkloadFamily family : WorkloadFamily.values()) {
            assertThat(vms(1).stream().filter(vm -> vm.family() == family).count())
                    .isEqualTo(50);
        }
    }

    @Test
    void halfOfTheHostsAreBusyAndHalfHaveTraffic() {
        List<DesignedVm> vms = vms(1);

        assertThat(vms.stream().filter(vm -> vm.first().cpu() > 0).count()).isBetween(180L, 220L);
        assertThat(vms.stream()
                        .filter(vm -> vm.second().traffic().bitsPerSecond() > 0)
                        .count())
                .isBetween(180L, 220L);
    }
}
