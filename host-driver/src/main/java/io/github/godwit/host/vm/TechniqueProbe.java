package io.github.godwit.host.vm;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.host.qmp.MigrationSetup;
import io.github.godwit.host.qmp.Qmp;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.QemuSettings;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Version;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which techniques this host's QEMU supports, by setting the capabilities of each: its version number does not show
 * build options (zstd) and features of the kernel (userfaultfd, KVM's dirty ring). It starts a QEMU without a machine that waits
 * for a migration, which accepts the settings of both ends.
 */
public final class TechniqueProbe {

    private static final Logger LOG = LoggerFactory.getLogger(TechniqueProbe.class);
    private static final Duration QUIT_TIMEOUT = Duration.ofSeconds(3);

    private final QemuCommandLine commandLine;
    private final QemuLauncher launcher;
    private final VmDirectory directory;

    /**
     * Creates a probe.
     *
     * @param commandLine the QEMU to probe
     * @param launcher    starts it
     * @param directory   for its monitor socket and log during the probe
     */
    public TechniqueProbe(QemuCommandLine commandLine, QemuLauncher launcher, VmDirectory directory) {
        this.commandLine = commandLine;
        this.launcher = launcher;
        this.directory = directory;
    }

    /**
     * Probes QEMU, which takes about half a second.
     *
     * @param host the host's name, for the result
     * @return QEMU's version, and QEMU's error message for each technique that it refused
     * @throws IOException if QEMU is not installed or does not start
     */
    public HostCapabilities probe(String host) throws IOException {
        QemuLauncher.Started started = startBest();
        try (Qmp qmp = started.qmp()) {
            JsonNode numbers = qmp.execute("query-version").path("qemu");
            Version version = new Version(
                    numbers.path("major").asInt(),
                    numbers.path("minor").asInt(),
                    numbers.path("micro").asInt());
            HostCapabilities capabilities = new HostCapabilities(host, version, null, refused(qmp, version));
            qmp.execute("quit");
            return capabilities;
        } finally {
            if (!started.process().awaitEnd(QUIT_TIMEOUT)) {
                started.process().kill();
            }
        }
    }

    private QemuLauncher.Started startBest() throws IOException {
        IOException last = null;
        for (String accelerator :
                accelerators(MachineAccelerator.ofThisMachine().accelerator())) {
            try {
                return launcher.start(commandLine.probe(accelerator, directory), directory);
            } catch (IOException e) {
                LOG.info("QEMU does not start with -accel {}: {}", accelerator, e.getMessage());
                last = e;
            }
        }
        throw last;
    }

    /** The {@code -accel} options to try, in the order of how many techniques they support. */
    private static List<String> accelerators(Accelerator machine) {
        return machine == Accelerator.KVM ? List.of("kvm,dirty-ring-size=4096", "kvm", "tcg") : List.of("tcg");
    }

    private static Map<Technique, String> refused(Qmp qmp, Version version) throws QmpException {
        Map<Technique, String> refused = new EnumMap<>(Technique.class);
        for (Technique technique : Technique.values()) {
            if (QemuSettings.missingIn(technique, version).isPresent()) {
                continue;
            }
            try {
                new MigrationSetup(qmp).apply(QemuSettings.of(technique, version, MigrationTuning.DEFAULT));
            } catch (QmpException e) {
                if (!e.refused()) {
                    throw e;
                }
                refused.put(technique, e.getMessage());
            }
        }
        return refused;
    }
}
