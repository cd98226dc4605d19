package io.github.godwit.lab.driver;

import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.net.NetworkPlan;
import io.github.godwit.lab.net.NetworkState;
import io.github.godwit.lab.system.CommandRunner;
import io.github.godwit.lab.system.ProcessEnder;
import io.github.godwit.lab.system.Programs;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts the host driver of a lab host in the host's namespace, in its own session so that it outlives this program. */
public final class HostDriverLaunch {

    /** Port of the host drivers. */
    public static final int PORT = 9622;

    private static final Duration START = Duration.ofSeconds(40);

    private static final Duration GRACE = Duration.ofSeconds(10);

    /** The host driver does not announce when it listens, so it is polled. */
    private static final Duration POLL = Duration.ofMillis(100);

    private final Lab lab;
    private final double cores;

    /**
     * @param lab   the lab
     * @param cores CPU cores that each host reports as its own
     */
    public HostDriverLaunch(Lab lab, double cores) {
        this.lab = lab;
        this.cores = cores;
    }

    /**
     * Starts a host driver; {@link #await} waits until it answers.
     *
     * @return the process
     */
    public Process start(LabHost host) {
        return start(host, Programs.hostDriver());
    }

    private Process start(LabHost host, Path program) {
        Path state = lab.state(host);
        List<String> command = new ArrayList<>(host.launcher());
        command.addAll(List.of(
                program.toString(),
                "serve",
                "--name",
                host.name(),
                "--listen",
                host.address() + ":" + PORT,
                "--address",
                host.address(),
                "--interface",
                NetworkPlan.HOST_INTERFACE,
                "--link",
                rate(lab.link()),
                "--state",
                state.toString(),
                "--qemu",
                host.qemu(),
                "--images",
                Programs.images().toString(),
                "--cores",
                Double.toString(cores),
                "--host-load",
                "vms"));
        command.addAll(
                lab.tls()
                        ? LabCertificates.options(lab.certificates().of(host))
                        : List.of(
                                "--plain-http", "--token-file", lab.tokenFile().toString()));
        command.addAll(libvirt(host));
        if (!lab.intermediaries().isEmpty() && lab.hypervisor() == Hypervisor.QEMU) {
            command.addAll(List.of("--intermediaries", lab.intermediariesFile().toString()));
        }
        try {
            Files.createDirectories(state);
            return new ProcessBuilder(command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log(host).toFile()))
                    .start();
        } catch (IOException e) {
            throw new LabException(
                    "The host driver of %s could not be started: %s".formatted(host.name(), e.getMessage()), e);
        }
    }

    /** Options for a host whose VMs are domains of libvirt. */
    private List<String> libvirt(LabHost host) {
        if (lab.hypervisor() == Hypervisor.QEMU) {
            return List.of();
        }
        HostLibvirt libvirt = HostLibvirt.of(lab.state(host));
        return List.of(
                "--libvirt",
                libvirt.uri(),
                "--no-nova",
                "--libvirt-peers",
                "qemu+tcp://{address}/system",
                "--heartbeats",
                libvirt.vms().toString());
    }

    /**
     * Waits until a host driver answers.
     *
     * @throws LabException when it ends or does not answer in time; the message contains the end of its log
     */
    public HostStatus await(LabHost host, Process process) throws InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                return lab.client(host).host();
            } catch (HostDriverException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new LabException(
                            "The host driver of %s does not answer (%s). Its log ends with:%n%s"
                                    .formatted(host.name(), e.getMessage(), lastLines(log(host))),
                            e);
                }
                TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
            }
        }
    }

    /**
     * Kills the host driver of a host with SIGKILL, starts it again, and waits until it answers.
     *
     * @param commands runs {@code ip}
     */
    public void restart(LabHost host, CommandRunner commands) throws InterruptedException {
        replace(host, Programs.hostDriver(), Duration.ZERO, commands);
    }

    /**
     * Ends the host driver of a host as an upgrade does, starts another program on what it left, and waits until that answers.
     *
     * @param program  {@code godwit-host}, maybe of another version
     * @param commands runs {@code ip}
     */
    public HostStatus replace(LabHost host, Path program, CommandRunner commands) throws InterruptedException {
        return replace(host, program, GRACE, commands);
    }

    private HostStatus replace(LabHost host, Path program, Duration grace, CommandRunner commands)
            throws InterruptedException {
        new ProcessEnder().end(processes(host, commands), grace);
        return await(host, start(host, program));
    }

    /** The processes of the host driver of a host. */
    public static List<ProcessIdentity> processes(LabHost host, CommandRunner commands) {
        return new NetworkState(commands)
                .processes(host.namespace()).stream()
                        .filter(process -> process.command().equals("java"))
                        .toList();
    }

    private Path log(LabHost host) {
        return lab.state(host).resolve("host-driver.log");
    }

    private static String rate(Bandwidth link) {
        return link.toString();
    }

    private static String lastLines(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
        } catch (IOException e) {
            return "(no log)";
        }
    }
}
