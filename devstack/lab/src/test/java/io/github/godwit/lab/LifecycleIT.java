package io.github.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.driver.LabRecord;
import io.github.godwit.lab.net.LinkShape;
import io.github.godwit.lab.net.NetworkState;
import io.github.godwit.lab.run.LabDown;
import io.github.godwit.lab.run.LabUp;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.unit.Bandwidth;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bringing a lab up and down, repeatedly and after a crash. */
@Timeout(120)
class LifecycleIT {

    private static final LabName NAME = TestLabs.named('l');

    private final SystemCommands commands = new SystemCommands();
    private final NetworkState network = new NetworkState(commands);

    @BeforeEach
    @AfterEach
    void down() {
        new LabDown(NAME, commands).down();
    }

    private Lab up() throws InterruptedException {
        return new LabUp(NAME, commands, System.out::println).up(2, LinkShape.of(Bandwidth.parse("1gbit")), 1, null);
    }

    private void assertNothingIsLeft() {
        assertThat(network.namespaces(NAME)).isEmpty();
        assertThat(network.hasManagementInterface(NAME)).isFalse();
        assertThat(NAME.stateDirectory()).doesNotExist();
    }

    @Test
    void upTwiceIsAnErrorAndDoesNotHarmTheLab() throws Exception {
        Lab lab = up();

        assertThatThrownBy(this::up).isInstanceOf(LabException.class).hasMessageContaining("up already");
        assertThat(lab.client(lab.host("h1")).host().profile().name()).isEqualTo("h1");
    }

    @Test
    void downEndsVmsHostDriversAndAllElseAndMayBeRepeated() throws Exception {
        Lab lab = up();
        LabVm.start(lab, "left", "16M", "4M", "1M", false);
        VmStatus vm = lab.client(lab.host("h1")).vm("left");
        List<ProcessIdentity> processes =
                new ArrayList<>(List.of(ProcessIdentity.of(vm.pid()).orElseThrow()));
        network.namespaces(NAME).forEach(namespace -> processes.addAll(network.processes(namespace)));

        assertThat(new LabDown(NAME, commands).down()).isTrue();

        assertNothingIsLeft();
        assertThat(processes).hasSizeGreaterThanOrEqualTo(3).noneMatch(ProcessIdentity::alive);
        assertThat(new LabDown(NAME, commands).down()).isFalse();
    }

    @Test
    void downCleansUpWhatACrashLeftWithoutAnyRecord() throws Exception {
        Lab lab = up();
        LabVm.start(lab, "left", "16M", "4M", "1M", false);
        Files.delete(NAME.stateDirectory().resolve("lab.json"));
        Files.delete(lab.tokenFile());

        assertThat(new LabRecord(NAME).read()).isEmpty();
        assertThatThrownBy(this::up).isInstanceOf(LabException.class).hasMessageContaining("lab down");
        assertThat(new LabDown(NAME, commands).down()).isTrue();

        assertNothingIsLeft();
    }

    @Test
    void anUnknownHostOrVmIsReportedWithThoseThatExist() throws Exception {
        Lab lab = up();

        assertThatThrownBy(() -> lab.host("h9"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("h1, h2");
        assertThatThrownBy(() -> lab.hostOf("nobody"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("nobody")
                .hasMessageContaining("vm list");
    }
}
