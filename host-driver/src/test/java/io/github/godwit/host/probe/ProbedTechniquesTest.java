package io.github.godwit.host.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.unit.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When a host is probed again. */
@Timeout(30)
class ProbedTechniquesTest {

    private static final UserfaultfdAccess CLOSED = new UserfaultfdAccess(false, true, 0, 0, 0600);
    private static final UserfaultfdAccess OPEN = new UserfaultfdAccess(true, true, 0, 0, 0600);
    private static final Optional<QemuAccount> USER = Optional.of(new QemuAccount(64055, 994, QemuAccount.Grant.NO));

    private final BlockingQueue<ProbeInputs> probes = new LinkedBlockingQueue<>();
    private volatile ProbeInputs inputs = new ProbeInputs("qemu 1", CLOSED, USER);
    private volatile IOException failure;
    private ProbedTechniques techniques;

    private HostCapabilities probe(ProbeInputs with) throws IOException {
        probes.add(with);
        if (failure != null) {
            throw failure;
        }
        return new HostCapabilities("h1", Version.of(with.binary().equals("qemu 1") ? 8 : 9, 0), null, Map.of());
    }

    private void start() throws IOException {
        techniques = new ProbedTechniques(() -> inputs, this::probe);
        assertThat(probes.poll()).isEqualTo(inputs);
    }

    private void changesTo(ProbeInputs other) throws InterruptedException {
        inputs = other;
        techniques.refresh();
        assertThat(probes.poll(10, TimeUnit.SECONDS)).isEqualTo(other);
    }

    @AfterEach
    void stop() {
        if (techniques != null) {
            techniques.close();
        }
    }

    @Test
    void nothingIsProbedAgainWhileNothingChanges() throws Exception {
        start();

        techniques.refresh();
        techniques.refresh();

        assertThat(probes.poll(100, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void aNewBinaryTheSysctlAndAnotherUserAreReasonsToProbe() throws Exception {
        start();
        changesTo(new ProbeInputs("qemu 2", CLOSED, USER));
        awaitVersion(Version.of(9, 0));
        changesTo(new ProbeInputs("qemu 2", OPEN, USER));
        awaitIdle();
        changesTo(new ProbeInputs("qemu 2", OPEN, Optional.empty()));
    }

    @Test
    void aProbeThatFailsLeavesTheLastResult() throws Exception {
        start();
        failure = new IOException("QEMU did not start");

        changesTo(new ProbeInputs("qemu 2", CLOSED, USER));
        awaitIdle();

        assertThat(techniques.get().qemu()).isEqualTo(Version.of(8, 0));
        failure = null;
        changesTo(new ProbeInputs("qemu 3", CLOSED, USER));
        awaitVersion(Version.of(9, 0));
    }

    @Test
    void aHostThatCannotBeProbedDoesNotStart() {
        failure = new IOException("QEMU is not installed");
        assertThatThrownBy(() -> new ProbedTechniques(() -> inputs, this::probe))
                .hasMessage("QEMU is not installed");
    }

    private void awaitVersion(Version version) {
        while (!techniques.get().qemu().equals(version)) {
            Thread.onSpinWait();
        }
        awaitIdle();
    }

    private void awaitIdle() {
        while (techniques.isProbing()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void anUpgradedBinaryIsRecognizedByItsInodeSizeAndTime(@TempDir Path bin) throws Exception {
        Path qemu = executable(bin.resolve("qemu"), "old");
        String before = ProbeInputs.identity("qemu", "/nowhere:" + bin);
        assertThat(before).isNotEmpty().isEqualTo(ProbeInputs.identity(qemu.toString(), ""));

        Files.move(executable(bin.resolve("new"), "new and longer"), qemu, StandardCopyOption.REPLACE_EXISTING);

        assertThat(ProbeInputs.identity("qemu", "/nowhere:" + bin)).isNotEqualTo(before);
        assertThat(ProbeInputs.identity("none", bin.toString())).isEmpty();
    }

    private static Path executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }
}
