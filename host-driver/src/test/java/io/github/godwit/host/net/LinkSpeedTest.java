package io.github.godwit.host.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads trees as sysfs shows them. */
class LinkSpeedTest {

    @TempDir
    Path sysfs;

    @Test
    void aNicOfHardwareHasTheRateOfItsDriver() throws IOException {
        physical("eth0", "25000");
        assertThat(read("eth0")).contains(Bandwidth.parse("25gbit"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "0", "65535", "4294967295", "unknown", ""})
    void aRateThatTheDriverDoesNotKnowIsUnknown(String text) throws IOException {
        physical("eth0", text);
        assertThat(read("eth0")).isEmpty();
    }

    @Test
    void aLinkThatIsDownOrMissingIsUnknown() throws IOException {
        Files.createDirectories(nic("eth0").resolve("device"));
        assertThat(read("eth0")).isEmpty();
        assertThat(read("eth7")).isEmpty();
    }

    @Test
    void aVethOrATapIsUnknownWhateverItReports() throws IOException {
        write(nic("veth1").resolve("speed"), "10000");
        write(nic("tap1").resolve("speed"), "10");
        assertThat(read("veth1")).isEmpty();
        assertThat(read("tap1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"802.3ad 4", "balance-rr 0", "balance-xor 2", "balance-tlb 5", "balance-alb 6"})
    void aBondThatBalancesHasTheSumOfItsNicsThatAreUp(String mode) throws IOException {
        bond("bond0", mode, "eth0 eth1 eth2", "");
        physical("eth0", "10000");
        physical("eth1", "25000");
        physical("eth2", "-1");
        write(nic("eth2").resolve("operstate"), "down");
        assertThat(read("bond0")).contains(Bandwidth.parse("35gbit"));
    }

    @Test
    void aBondWithOneActiveNicHasItsRate() throws IOException {
        bond("bond0", "active-backup 1", "eth0 eth1", "eth1");
        physical("eth0", "25000");
        physical("eth1", "10000");
        assertThat(read("bond0")).contains(Bandwidth.parse("10gbit"));
    }

    @Test
    void aBondWithANicOfUnknownRateIsUnknown() throws IOException {
        bond("bond0", "802.3ad 4", "eth0 eth1", "");
        physical("eth0", "10000");
        physical("eth1", "-1");
        assertThat(read("bond0")).isEmpty();
    }

    @Test
    void aVlanHasTheRateOfTheBondBelowIt() throws IOException {
        Files.createDirectories(nic("bond0.10").resolve("lower_bond0"));
        bond("bond0", "802.3ad 4", "eth0 eth1", "");
        physical("eth0", "10000");
        physical("eth1", "10000");
        assertThat(read("bond0.10")).contains(Bandwidth.parse("20gbit"));
    }

    @Test
    void aBridgeHasTheRateOfItsNetworkPortAndNotOfItsTaps() throws IOException {
        for (String port : new String[] {"eth0", "tap1", "veth1"}) {
            Files.createDirectories(nic("br0").resolve("brif").resolve(port));
            Files.createDirectories(nic("br0").resolve("lower_" + port));
        }
        physical("eth0", "10000");
        write(nic("tap1").resolve("speed"), "10");
        write(nic("veth1").resolve("speed"), "10000");
        assertThat(read("br0")).contains(Bandwidth.parse("10gbit"));
    }

    @Test
    void aTeamHasTheSumOfItsNics() throws IOException {
        Files.createDirectories(nic("team0").resolve("lower_eth0"));
        Files.createDirectories(nic("team0").resolve("lower_eth1"));
        physical("eth0", "1000");
        physical("eth1", "1000");
        assertThat(read("team0")).contains(Bandwidth.parse("2gbit"));
    }

    @Test
    void devicesThatNameEachOtherAreUnknown() throws IOException {
        Files.createDirectories(nic("a").resolve("lower_b"));
        Files.createDirectories(nic("b").resolve("lower_a"));
        assertThat(read("a")).isEmpty();
    }

    @Test
    void theOperatorsRateOverridesTheReadOneButNotWhatTheLinkCarries() throws IOException {
        physical("eth0", "25000");
        LinkSpeed slower = new LinkSpeed(sysfs, "eth0", Optional.of(Bandwidth.parse("10gbit")));
        assertThat(slower.rate()).contains(Bandwidth.parse("10gbit"));
        assertThat(slower.most()).contains(Bandwidth.parse("25gbit"));
        LinkSpeed unknown = new LinkSpeed(sysfs, "veth1", Optional.of(Bandwidth.parse("1gbit")));
        assertThat(unknown.rate()).contains(Bandwidth.parse("1gbit"));
        assertThat(unknown.most()).contains(Bandwidth.parse("1gbit"));
    }

    private Optional<Bandwidth> read(String name) {
        return new LinkSpeed(sysfs, name, Optional.empty()).read();
    }

    private Path nic(String name) {
        return sysfs.resolve("class/net").resolve(name);
    }

    private void physical(String name, String speed) throws IOException {
        Files.createDirectories(nic(name).resolve("device"));
        write(nic(name).resolve("operstate"), "up");
        write(nic(name).resolve("speed"), speed + "\n");
    }

    private void bond(String name, String mode, String nics, String active) throws IOException {
        write(nic(name).resolve("bonding/mode"), mode + "\n");
        write(nic(name).resolve("bonding/slaves"), nics + "\n");
        write(nic(name).resolve("bonding/active_slave"), active + "\n");
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
