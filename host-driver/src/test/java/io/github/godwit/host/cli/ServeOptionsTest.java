package io.github.godwit.host.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.host.driver.HostDriverConfig;
import io.github.godwit.host.migrate.recover.RecoveryTerms;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.nova.UnplannedTerms;
import io.github.godwit.host.nova.permit.AdviceMode;
import io.github.godwit.host.profile.rules.ProfilingRules;
import io.github.godwit.host.profile.rules.ProfilingRules.Means;
import io.github.godwit.model.bandwidth.BandwidthModel;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.technique.ZeroCopySend;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

class ServeOptionsTest {

    @Test
    void byDefaultTheLinkIsReadAndVmsAreProfiledThroughTheMonitor() {
        HostDriverConfig.Network network = network();
        assertThat(network.nic()).isEmpty();
        assertThat(network.link()).isEmpty();
        assertThat(network.shapeMultiqueue()).isFalse();
        assertThat(profiling()).isEqualTo(ProfilingRules.DEFAULT);
    }

    @Test
    void anOperatorCanSetAllOfThem() {
        HostDriverConfig.Network network = network(
                "--interface", "eth0", "--link", "25gbit", "--shape-multiqueue", "--migration-ports", "61152-61215");
        assertThat(network.nic()).contains("eth0");
        assertThat(network.link()).contains(Bandwidth.parse("25gbit"));
        assertThat(network.shapeMultiqueue()).isTrue();
        assertThat(network.libvirtPorts()).isEqualTo(new PortRange(61_152, 61_215));
        assertThat(profiling(
                        "--profile-through",
                        "proc",
                        "--no-profiling-of",
                        "flavor=m1.db,uuid=a",
                        "--no-profiling-of",
                        "uuid=b"))
                .isEqualTo(new ProfilingRules(Means.PROC, Set.of("a", "b"), Set.of("m1.db")));
    }

    @Test
    void postCopyIsRecoveredForFiveMinutesUnlessTheOperatorSaysOtherwise() {
        assertThat(options().recovery()).isEqualTo(RecoveryTerms.DEFAULT);
        assertThat(options("--postcopy-recovery", "30").recovery().limit()).isEqualTo(Duration.ofSeconds(30));
        assertThat(options("--postcopy-recovery", "0").recovery()).isEqualTo(RecoveryTerms.NEVER);
        assertThatThrownBy(() -> options("--postcopy-recovery", "-1").recovery())
                .hasMessageContaining("must not be negative");
    }

    @Test
    void pagesAreCopiedUnlessTheOperatorNamesAFastLink() {
        assertThat(options().zeroCopy()).isEqualTo(ZeroCopySend.NEVER);
        assertThat(options("--zero-copy-from", "25gbit").zeroCopy())
                .isEqualTo(new ZeroCopySend(Bandwidth.parse("25gbit")));
        assertThatThrownBy(() -> options("--zero-copy-from", "fast").zeroCopy())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void plannedPortsAreNeverAmongThoseOfLibvirt() {
        PortRange usual = new PortRange(49_300, 49_399);
        assertThat(network("--migration-ports", "49152-49215").plannedPorts()).contains(usual);
        assertThat(network("--migration-ports", "49152-49300").plannedPorts()).isEmpty();
        assertThat(network("--planned-ports", "none").plannedPorts()).isEmpty();
        assertThat(network("--migration-ports", "49152-49215", "--planned-ports", "60000-60009")
                        .plannedPorts())
                .contains(new PortRange(60_000, 60_009));
        assertThatThrownBy(() -> network("--migration-ports", "49152-49215", "--planned-ports", "49215-49300"))
                .hasMessageContaining("must be outside of the ports from which libvirt chooses (49152-49215");
    }

    @Test
    void whatCannotBeReadIsRefused() {
        assertThatThrownBy(() -> network("--planned-ports", "all")).hasMessageContaining("is not a range of ports");
        assertThatThrownBy(() -> network("--migration-ports", "61215-61152")).isInstanceOf(ParameterException.class);
        assertThatThrownBy(() -> network("--link", "0gbit")).hasMessageContaining("--link must be positive");
        assertThatThrownBy(() -> profiling("--profile-through", "magic")).isInstanceOf(ParameterException.class);
        assertThatThrownBy(() -> profiling("--no-profiling-of", "m1.db")).hasMessageContaining("flavor=NAME");
    }

    @Test
    void aBandwidthModelThatCannotBeUsedIsRefusedBeforeTheHostDriverStarts(@TempDir Path directory) throws IOException {
        Path model = Files.writeString(directory.resolve("bandwidth.json"), "{\"version\": 7}");
        StringWriter err = new StringWriter();

        int code = GodwitHost.commandLine()
                .setErr(new PrintWriter(err))
                .execute(
                        "serve",
                        "--name=h1",
                        "--address=127.0.0.1",
                        "--listen=127.0.0.1:0",
                        "--state=" + directory.resolve("state"),
                        "--bandwidth-model=" + model);

        assertThat(code).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("godwit-host: " + model
                        + ": The bandwidth model has version 7.0; this release reads version 1.");
    }

    @Test
    void unplannedMigrationsReserveByTheBandwidthModelAndTheUrgencyOfTheHost() {
        LibvirtOptions options = new LibvirtOptions();
        parse(options, "--libvirt", "qemu:///system", "--urgency", "high");
        BandwidthModel model = BandwidthModel.published();

        UnplannedTerms terms = options.config(() -> model, false).orElseThrow().terms();

        assertThat(terms.model().get()).isSameAs(model);
        assertThat(terms.terms().urgency()).isEqualTo(Urgency.HIGH);
    }

    @Test
    void aHostOfNovaCanOnlyBeObserved() {
        assertThat(mode("--libvirt", "qemu:///system")).isEqualTo(AdviceMode.ADVISE);
        assertThat(mode("--libvirt", "qemu:///system", "--observe")).isEqualTo(AdviceMode.OBSERVE);
        assertThat(mode("--libvirt", "qemu:///system", "--no-advice")).isEqualTo(AdviceMode.SILENT);
        assertThatThrownBy(() -> mode("--observe")).hasMessageContaining("Give --libvirt without --no-nova");
        assertThatThrownBy(() -> mode("--libvirt", "qemu:///system", "--no-nova", "--observe"))
                .hasMessageContaining("Give --libvirt without --no-nova");
        assertThatThrownBy(() -> mode("--libvirt", "qemu:///system", "--no-advice", "--observe"))
                .hasMessageContaining("Give one of them");
    }

    private static AdviceMode mode(String... arguments) {
        LibvirtOptions options = new LibvirtOptions();
        parse(options, arguments);
        return options.config(BandwidthModel::published, false).orElseThrow().mode();
    }

    private static HostDriverConfig.Network network(String... arguments) {
        return options(arguments).config();
    }

    private static NetworkOptions options(String... arguments) {
        NetworkOptions options = new NetworkOptions();
        parse(options, arguments);
        return options;
    }

    private static ProfilingRules profiling(String... arguments) {
        ProfilingOptions options = new ProfilingOptions();
        parse(options, arguments);
        return options.rules();
    }

    private static void parse(Object options, String... arguments) {
        new CommandLine(options)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Bandwidth.class, Bandwidth::parse)
                .registerConverter(PortRange.class, PortRange::parse)
                .parseArgs(arguments);
    }
}
