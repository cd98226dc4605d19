package io.github.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.common.tls.ReloadedTls;
import io.github.godwit.common.tls.TlsFiles;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverTimeouts;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.net.LinkShape;
import io.github.godwit.lab.run.HostVms;
import io.github.godwit.lab.run.LabDown;
import io.github.godwit.lab.run.LabMigration;
import io.github.godwit.lab.run.LabService;
import io.github.godwit.lab.run.LabUp;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A lab whose host drivers and service identify themselves with certificates, and use no token. */
@Timeout(120)
class TlsLabIT {

    private static final LabName NAME = TestLabs.named('t');
    private static final SystemCommands COMMANDS = new SystemCommands();

    private static Lab lab;

    @BeforeAll
    static void up() throws InterruptedException {
        new LabDown(NAME, COMMANDS).down();
        lab = new LabUp(NAME, COMMANDS, System.out::println, true)
                .up(2, 1, LinkShape.of(Bandwidth.parse("1gbit")), 1, null, HostVms.of(Hypervisor.QEMU));
    }

    @AfterAll
    static void down() {
        new LabDown(NAME, COMMANDS).down();
    }

    private static HostDriverClient clientOf(String host, TlsFiles identity) throws IOException {
        return HostDriverClient.sharing(null, HostDriverTimeouts.DEFAULT, Optional.of(new ReloadedTls(identity)))
                .apply(lab.host(host).hostDriver());
    }

    @Test
    void aVmIsMigratedBetweenHostsThatKnowEachOtherByTheirCertificates() throws Exception {
        try (LabVm vm = LabVm.start(lab, "moving", "32M", "8M", "1M", false)) {
            LabMigration.Result result = vm.migrate(Technique.PRE_COPY, Bandwidth.parse("500mbit"), event -> {});

            assertThat(result.status().phase()).as(result.status().error()).isEqualTo(Phase.COMPLETED);
            assertThat(result.guestVerified()).isTrue();
        }
    }

    @Test
    void pagesWaitOnAnIntermediaryThatIsKnownByItsCertificate() throws Exception {
        try (LabVm vm = LabVm.start(lab, "scattered", "64M", "32M", "4M", false)) {
            LabMigration.Result result = vm.migrate(Technique.SCATTER_GATHER, Bandwidth.parse("500mbit"), event -> {});

            assertThat(result.status().phase()).as(result.status().error()).isEqualTo(Phase.COMPLETED);
            assertThat(result.status().outcome().gathering()).isNotNull();
            assertThat(result.guestVerified()).isTrue();
        }
    }

    @Test
    void aHostMayDoToItselfWhatItMayNotDoToAnotherOne() throws Exception {
        TlsFiles h1 = lab.certificates().of(lab.host("h1"));
        assertThat(clientOf("h2", h1).host().profile().name()).isEqualTo("h2");
        assertThatThrownBy(() -> clientOf("h2", h1).vms()).hasMessageContainingAll("403", "h1, a peer");
        assertThatCode(() -> clientOf("h1", h1).vms()).doesNotThrowAnyException();
    }

    @Test
    void theServiceSeesTheHosts() throws Exception {
        LabService service = LabService.start(lab);
        HttpRequest request = HttpRequest.newBuilder(service.url().resolve("/godwit/v1/hosts"))
                .timeout(Duration.ofSeconds(30))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofString())
                        .body())
                .contains("\"h1\"", "\"h2\"");
    }

    @Test
    void nobodyElseCanReadTheKeysAndThatOfTheAuthorityIsGone() throws IOException {
        Path directory = lab.certificates().service().key().getParent();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(directory)) {
            List<String> keys = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".key"))
                    .toList();
            assertThat(keys).containsExactlyInAnyOrder("h1.key", "h2.key", "i1.key", "godwit-strategy.key");
        }
    }
}
