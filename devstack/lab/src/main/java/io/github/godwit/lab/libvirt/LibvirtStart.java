package io.github.godwit.lab.libvirt;

import io.github.godwit.lab.LabException;
import io.github.godwit.lab.driver.HostLibvirt;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.system.SystemCommands;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Starts a libvirtd and a virtlogd for a host, in the host's network namespace and in mount and UTS namespaces of their own. They end, with
 * these namespaces, as all processes of the host's network namespace do.
 */
public final class LibvirtStart {

    private static final Duration START = Duration.ofSeconds(30);

    /** libvirtd does not announce when it listens, so it is polled. */
    private static final Duration POLL = Duration.ofMillis(50);

    /** What libvirt has found out about this machine's QEMU; kept, because that takes seconds. */
    private static final Path CACHE = Path.of("/var/cache/godwit/libvirt");

    /** For the first question about QEMU. */
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(60);

    private static final List<String> PROGRAMS = List.of("libvirtd", "virtlogd", "virsh");

    private final Lab lab;

    /** Starts those of a lab. */
    public LibvirtStart(Lab lab) {
        this.lab = lab;
    }

    /**
     * Checks that the programs are installed.
     *
     * @throws LabException when one is not
     */
    public static void require() {
        for (String program : PROGRAMS) {
            boolean found =
                    List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin").stream()
                            .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
            if (!found) {
                throw new LabException(
                        "'%s' is not installed. Install libvirt-daemon, libvirt-daemon-driver-qemu and libvirt-clients, on Debian 12 from bookworm-backports."
                                .formatted(program));
            }
        }
    }

    /**
     * Starts them on a host; {@link #await} waits until libvirtd listens.
     *
     * @return the process, which becomes libvirtd
     */
    public Process start(LabHost host) {
        HostLibvirt libvirt = HostLibvirt.of(lab.state(host));
        try {
            Files.createDirectories(libvirt.configuration());
            Files.createDirectories(libvirt.vms());
            configure(libvirt, host);
            List<String> command = new ArrayList<>(host.launcher());
            command.addAll(List.of("unshare", "--mount", "--uts", "sh", "-c", script(), "libvirt"));
            command.addAll(List.of(
                    host.name(),
                    libvirt.directory().toString(),
                    host.cpus(),
                    libvirt.vms().toString(),
                    Files.createDirectories(CACHE).toString()));
            return new ProcessBuilder(command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(libvirt.log().toFile()))
                    .start();
        } catch (IOException e) {
            throw new LabException(
                    "The libvirt of %s could not be started: %s".formatted(host.name(), e.getMessage()), e);
        }
    }

    /**
     * Waits until libvirtd listens and knows its QEMU.
     *
     * @throws LabException when it ends or does not listen in time; the message contains the end of its log
     */
    public void await(LabHost host, Process process) throws InterruptedException {
        HostLibvirt libvirt = HostLibvirt.of(lab.state(host));
        long deadline = System.nanoTime() + START.toNanos();
        while (!listens(libvirt.socket())) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new LabException("libvirtd of %s does not listen on %s. Its log ends with:%n%s"
                        .formatted(host.name(), libvirt.socket(), lastLines(libvirt.log())));
            }
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
        }
        String unused = new SystemCommands(FIRST_ANSWER).run("virsh", "-c", libvirt.uri(), "capabilities");
    }

    private static boolean listens(Path socket) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static String lastLines(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
        } catch (IOException e) {
            return "(no log)";
        }
    }

    private static String script() throws IOException {
        try (InputStream script = LibvirtStart.class.getResourceAsStream("host.sh")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The daemons of other hosts connect without a password, but only from the lab's own network. */
    private void configure(HostLibvirt libvirt, LabHost host) throws IOException {
        Files.writeString(libvirt.configuration().resolve("virtlogd.conf"), "");
        Files.writeString(
                libvirt.configuration().resolve("libvirtd.conf"), """
                host_uuid = "%s"
                listen_tls = 0
                listen_tcp = 1
                listen_addr = "%s"
                auth_tcp = "none"
                auth_unix_rw = "none"
                auth_unix_ro = "none"
                """.formatted(UUID.randomUUID(), host.address()));
        Files.writeString(libvirt.configuration().resolve("qemu.conf"), """
                user = "root"
                group = "root"
                security_driver = "none"
                security_default_confined = 0
                dynamic_ownership = 0
                remember_owner = 0
                cgroup_controllers = [ ]
                namespaces = [ ]
                clear_emulator_capabilities = 0
                set_process_name = 0
                migration_address = "%1$s"
                migration_host = "%1$s"
                max_core = 0
                """.formatted(host.address()));
    }
}
