package io.github.godwit.strategy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.hostapi.VmStatus;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterMergeTest {

    private final ClusterMerge merge = new ClusterMerge();

    @Test
    void leftoversOfAMigrationAreNotASecondVm() {
        add("host h1\n vm a state=postmigrate");
        add("host h2\n vm a state=running");
        ClusterModel merged = merge.merged();
        assertThat(merged.vms()).extracting(VmStatus::host).containsExactly("h2");
        assertThat(merged.omissions()).isEmpty();
    }

    @Test
    void aVmThatRunsTwiceIsAnOmission() {
        add("host h1\n vm a\n vm b");
        add("host h2\n vm a");
        ClusterModel merged = merge.merged();
        assertThat(merged.vms()).extracting(VmStatus::name).containsExactly("b");
        assertThat(merged.omissions()).containsExactly(new Omission("VM 'a'", "It is on several hosts: h1, h2."));
    }

    @Test
    void aSecondHostOfTheSameNameIsAnOmission() {
        add("host h1\n vm a");
        add("host h1\n vm b");
        ClusterModel merged = merge.merged();
        assertThat(merged.vms()).extracting(VmStatus::name).containsExactly("a");
        assertThat(merged.omissions())
                .containsExactly(
                        new Omission("http://h1:9622", "It reports the host name 'h1', as does http://h1:9622."));
    }

    @Test
    void aVmWithAnIncompleteStatusIsAnOmission() {
        ClusterModel drawn = DrawnCluster.draw("host h1");
        VmStatus vague =
                new VmStatus("a", "h1", "running", null, 1, 0, null, null, null, null, Map.of(), null, null, null);
        merge.add(drawn.host("h1"), java.util.List.of(vague));
        assertThat(merge.merged().omissions())
                .containsExactly(new Omission(
                        "VM 'a' on h1", "Its host driver reports no name, CPU use, resident memory or traffic."));
    }

    private void add(String drawing) {
        ClusterModel drawn = DrawnCluster.draw(drawing);
        merge.add(drawn.hosts().get(0), drawn.vms());
    }
}
