package io.github.godwit.lab.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.lab.LabException;
import io.github.godwit.lab.net.Subnet;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.unit.MemorySize;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LinuxGuestTest {

    private static final Subnet SUBNET = Subnet.parse("10.97.1.0/24");

    private static VmDefinition vm(String arguments) {
        return new VmDefinition("vm", MemorySize.parse("256M"), 1, "kernel", arguments, Accelerator.TCG, 0);
    }

    @ParameterizedTest
    @EnumSource(LinuxWorkload.class)
    void aClientKnowsTheGuestByTheDefinitionOfItsVm(LinuxWorkload workload) {
        LinuxGuest guest = new LinuxGuest(workload, "10.97.1.10", "");
        assertThat(guest.kernelArguments()).endsWith(" workload=%s address=10.97.1.10/24".formatted(workload.id()));
        assertThat(LinuxGuest.of(vm(guest.kernelArguments()))).contains(guest);
        assertThat(LinuxWorkload.parse(workload.id())).isEqualTo(workload);
    }

    @Test
    void aRateIsKept() {
        LinuxGuest guest = new LinuxGuest(LinuxWorkload.IPERF_OUT, "10.97.1.10", "50mbit");
        assertThat(LinuxGuest.of(vm(guest.kernelArguments()))).contains(guest);
        assertThat(guest).hasToString("linux iperf-out 10.97.1.10 at most 50mbit");
    }

    @Test
    void theLabsOwnGuestIsNotALinuxGuest() {
        assertThat(LinuxGuest.of(vm("touched=64 ws=16 dirty=1024"))).isEmpty();
        assertThat(LinuxGuest.of(null)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"REDIS,50mbit", "NGINX,0", "NGINX,1000000", "BUILD,5", "IPERF_IN,fast"})
    void aRateThatTheWorkloadCannotHaveIsRefused(LinuxWorkload workload, String rate) {
        assertThatIllegalArgumentException().isThrownBy(() -> new LinuxGuest(workload, "10.97.1.10", rate));
    }

    @Test
    void aGuestGetsTheFirstFreeAddress() {
        assertThat(LinuxVms.freeAddress(SUBNET, List.of())).isEqualTo("10.97.1.10");
        assertThat(LinuxVms.freeAddress(SUBNET, List.of("10.97.1.10", "10.97.1.12")))
                .isEqualTo("10.97.1.11");
        List<String> all = IntStream.range(0, 256).mapToObj(SUBNET::address).toList();
        assertThatThrownBy(() -> LinuxVms.freeAddress(SUBNET, all))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("10.97.1.0/24");
    }

    /** 97 is 61, 1 is 01 and 200 is c8 in hexadecimal digits. */
    @Test
    void theMacAddressFollowsFromTheIpAddress() {
        assertThat(LinuxVms.mac("10.97.1.200")).isEqualTo("52:54:00:61:01:c8");
    }
}
