package io.github.godwit.lab.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HostCpusTest {

    @Test
    void everyHostHasItsOwnWhereThereAreEnough() {
        assertThat(HostCpus.share(List.of(0, 1, 2, 3), 2, 2)).containsExactly("0,1", "2,3");
        assertThat(HostCpus.share(List.of(0, 1), 2, 1)).containsExactly("0", "1");
    }

    @Test
    void theLastHostsShareWhereThereAreTooFew() {
        assertThat(HostCpus.share(List.of(0, 1), 3, 1)).containsExactly("0", "1", "1");
        assertThat(HostCpus.share(List.of(4), 2, 2)).containsExactly("4", "4");
    }

    @Test
    void aShareOfACoreIsOneCpu() {
        assertThat(HostCpus.share(List.of(0, 1), 2, 0.5)).containsExactly("0", "1");
    }

    @Test
    void readsTheKernelsLists() {
        assertThat(HostCpus.parse("0-3,8")).containsExactly(0, 1, 2, 3, 8);
        assertThat(HostCpus.parse("5")).containsExactly(5);
    }
}
