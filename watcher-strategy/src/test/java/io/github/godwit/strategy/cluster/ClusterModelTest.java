package io.github.godwit.strategy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.unit.MemorySize;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ClusterModelTest {

    private static final Offset<Double> EXACTLY = within(1e-9);

    private final ClusterModel cluster = DrawnCluster.draw("""
            host h1 cores=4 memory=8192 cpu=0.9 used=0.5 in=50 out=400
              vm db memory=2048 resident=1024 cores=2 in=10 out=300
              vm web memory=1024 cores=1
            host h2 cores=8 memory=4096 cpu=0.1 used=0.25 in=5 out=0
            """);

    @Test
    void aMoveShiftsTheLoadsRelativeToTheSizeOfEachHost() {
        ClusterModel after = cluster.withMove("db", "h2");

        HostProfile h1 = after.host("h1").profile();
        assertThat(h1.cpuLoad()).as("0.9 - 2/4").isCloseTo(0.4, EXACTLY);
        assertThat(h1.memoryLoad()).as("0.5 - 1024/8192").isCloseTo(0.375, EXACTLY);
        assertThat(h1.traffic().out().megabits()).as("400 - 300").isCloseTo(100, EXACTLY);
        HostProfile h2 = after.host("h2").profile();
        assertThat(h2.cpuLoad()).as("0.1 + 2/8").isCloseTo(0.35, EXACTLY);
        assertThat(h2.memoryLoad()).as("0.25 + 1024/4096").isCloseTo(0.5, EXACTLY);
        assertThat(h2.traffic().in().megabits()).as("5 + 10").isCloseTo(15, EXACTLY);
        assertThat(after.vmsOn("h2")).extracting("name").containsExactly("db");
        assertThat(after.promisedMemory("h1")).isEqualTo(MemorySize.ofMebibytes(1024));
        assertThat(cluster.vm("db").host()).as("the first picture stays").isEqualTo("h1");
    }

    @Test
    void loadsStayWithinTheirRange() {
        ClusterModel small = DrawnCluster.draw("""
                host h1 cores=4 cpu=0.1
                  vm db cores=3
                host h2 cores=2 cpu=0.5
                """).withMove("db", "h2");
        assertThat(small.host("h1").profile().cpuLoad()).isZero();
        assertThat(small.host("h2").profile().cpuLoad()).isEqualTo(1);
    }

    @Test
    void invalidMovesAreRefused() {
        assertThatThrownBy(() -> cluster.withMove("db", "h1")).hasMessage("VM 'db' is on host 'h1' already.");
        assertThatThrownBy(() -> cluster.withMove("db", "h9")).hasMessage("There is no host 'h9'.");
        assertThatThrownBy(() -> cluster.withMove("nobody", "h2")).hasMessage("There is no VM 'nobody'.");
    }

    @Test
    void inconsistentSnapshotsAreRefused() {
        assertThatThrownBy(() -> DrawnCluster.draw("host h1\nhost h1")).hasMessage("There are two hosts 'h1'.");
        assertThatThrownBy(() -> DrawnCluster.draw("host h1\nvm a\nhost h2\nvm a"))
                .hasMessage("There are two VMs 'a'.");
    }
}
