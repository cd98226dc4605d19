package io.github.godwit.host.probe;

import io.github.godwit.host.vm.MachineAccelerator;
import io.github.godwit.host.vm.QemuCommandLine;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.Technique;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which techniques this host's QEMU supports, by its schema and by setting the capabilities of each: its version number does
 * not show build options (zstd) and features of the kernel (userfaultfd, KVM's dirty ring). It starts a QEMU without a machine that waits
 * for a migration, which accepts the settings of both ends.
 *
 * <p>QEMU runs as it does for VMs: for libvirt as libvirt's user, without capabilities, and with libvirt's seccomp filter, otherwise as the
 * user of this program.
 */
public final class TechniqueProbe {

    private static final Logger LOG = LoggerFactory.getLogger(TechniqueProbe.class);
    private static final String OF_USER = "--init-groups";
    private static final String NONE = "--clear-groups";
    private static final long SETPRIV_SECONDS = 5;

    private final QemuCommandLine commandLine;
    private final Optional<QemuAccount> account;
    private final UserfaultfdAccess userfaultfd;

    /**
     * Creates a probe.
     *
     * @param commandLine the QEMU to probe
     * @param account     the user as which libvirt runs QEMU; empty for the user of this program
     */
    public TechniqueProbe(QemuCommandLine commandLine, Optional<QemuAccount> account) {
        this(commandLine, account, UserfaultfdAccess.read());
    }

    TechniqueProbe(QemuCommandLine commandLine, Optional<QemuAccount> account, UserfaultfdAccess userfaultfd) {
        this.commandLine = commandLine;
        this.account = account;
        this.userfaultfd = userfaultfd;
    }

    /**
     * Probes QEMU, which takes about half a second.
     *
     * @param host the host's name, for the result
     * @return QEMU's version, what its schema lacks, and QEMU's error message for each technique that it refused
     * @throws IOException if QEMU is not installed, does not start, or is older than 6.2
     */
    public HostCapabilities probe(String host) throws IOException {
        Optional<List<String>> prefix = account.flatMap(TechniqueProbe::prefix);
        try (QmpProcess qemu = startBest(prefix)) {
            TechniqueTrials trials = TechniqueTrials.of(qemu);
            if (account.isPresent()) {
                explain(trials, prefix.isPresent());
            }
            return HostCapabilities.probed(host, trials.qemu(), trials.lacking(), trials.refused());
        }
    }

    /** The command that runs another one as that user; empty if this program may not do that. */
    private static Optional<List<String>> prefix(QemuAccount user) {
        for (String groups : List.of(OF_USER, NONE)) {
            List<String> prefix = user.command(groups);
            List<String> trial = new ArrayList<>(prefix);
            trial.add("true");
            if (succeeds(trial)) {
                return Optional.of(prefix);
            }
        }
        LOG.warn(
                "QEMU cannot be started as {} to probe it: setpriv of util-linux and the privileges of root are needed."
                        + " Whether post-copy works follows from the access to userfaultfd alone",
                user.describe());
        return Optional.empty();
    }

    private static boolean succeeds(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor(SETPRIV_SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("{} cannot be started", command, e);
        }
        return false;
    }

    private QmpProcess startBest(Optional<List<String>> prefix) throws IOException {
        IOException last = null;
        for (String accelerator :
                accelerators(MachineAccelerator.ofThisMachine().accelerator())) {
            // A QEMU without seccomp does not know the option, and libvirt leaves it out.
            for (boolean sandbox : prefix.isPresent() ? List.of(true, false) : List.of(false)) {
                List<String> command = new ArrayList<>(prefix.orElse(List.of()));
                command.addAll(commandLine.probe(accelerator, sandbox));
                try {
                    return new QmpProcess(command);
                } catch (IOException e) {
                    LOG.info(
                            "QEMU does not start with -accel {}{}: {}",
                            accelerator,
                            sandbox ? " and -sandbox" : "",
                            e.getMessage());
                    last = e;
                }
            }
        }
        throw last;
    }

    /** The {@code -accel} options to try, in the order of how many techniques they support. */
    private static List<String> accelerators(Accelerator machine) {
        return machine == Accelerator.KVM ? List.of("kvm,dirty-ring-size=4096", "kvm", "tcg") : List.of("tcg");
    }

    /** Adds what an operator can do to the refusals of post-copy, or refuses it itself if QEMU could not be run as its user. */
    private void explain(TechniqueTrials trials, boolean asUser) {
        QemuAccount user = account.orElseThrow();
        if (userfaultfd.permits(user)) {
            return;
        }
        for (Technique technique : Technique.values()) {
            if (technique.isPostCopy() && (trials.refused().containsKey(technique) || !asUser)) {
                trials.refused().merge(technique, userfaultfd.advice(user), (words, advice) -> words + ". " + advice);
            }
        }
    }
}
