package io.github.godwit.lab.net;

import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.system.CommandRunner;
import io.github.godwit.lab.system.ProcessEnder;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Background traffic on a host's link: iperf3 over TCP between the host and the peer, for a bounded time. It consists of several flows, as
 * that of applications does: one flow alone can take many seconds to get its share beside a migration that fills the link.
 */
public final class BackgroundTraffic {

    private static final int FLOWS = 4;
    private static final int FIRST_PORT = 5200;
    private static final Duration START = Duration.ofSeconds(5);

    private final CommandRunner commands;
    private final String peerNamespace;
    private final String peerAddress;

    /**
     * @param commands      runs {@code ip}
     * @param peerNamespace namespace of the peer
     * @param peerAddress   IPv4 address of the peer
     */
    public BackgroundTraffic(CommandRunner commands, String peerNamespace, String peerAddress) {
        this.commands = commands;
        this.peerNamespace = peerNamespace;
        this.peerAddress = peerAddress;
    }

    /**
     * Starts traffic and returns once it flows.
     *
     * @param out     true for traffic out of the host, false for traffic into it
     * @param seconds time after which it stops
     * @throws LabException when iperf3 does not start
     */
    public void start(LabHost host, boolean out, Bandwidth rate, int seconds) throws InterruptedException {
        int port = FIRST_PORT + port(host) + (out ? 0 : 1);
        inPeer("iperf3", "--server", "--one-off", "--port", Integer.toString(port), "--idle-timeout", "30");
        awaitListening(port);
        Process client = launch(
                host.launcher(),
                List.of(
                        "iperf3",
                        "--client",
                        peerAddress,
                        "--port",
                        Integer.toString(port),
                        "--bitrate",
                        Long.toString(rate.bitsPerSecond() / FLOWS),
                        "--parallel",
                        Integer.toString(FLOWS),
                        "--time",
                        Integer.toString(seconds),
                        out ? "--forceflush" : "--reverse"));
        if (client.waitFor(300, TimeUnit.MILLISECONDS)) {
            throw new LabException(
                    "iperf3 did not start on %s (exit code %d). Maybe there is traffic in this direction already; stop it with 'off'."
                            .formatted(host.name(), client.exitValue()));
        }
    }

    /** Stops all background traffic of a host. */
    public void stop(LabHost host) {
        NetworkState state = new NetworkState(commands);
        List<ProcessIdentity> senders = state.processes(host.namespace()).stream()
                .filter(process -> process.command().startsWith("iperf3"))
                .toList();
        new ProcessEnder().end(senders, Duration.ofSeconds(1));
    }

    /** Whether traffic flows on a host. */
    public boolean flows(LabHost host) {
        return new NetworkState(commands)
                .processes(host.namespace()).stream()
                        .anyMatch(process -> process.command().startsWith("iperf3"));
    }

    private void inPeer(String... command) {
        launch(List.of("ip", "netns", "exec", peerNamespace, "setsid"), List.of(command));
    }

    private static Process launch(List<String> launcher, List<String> command) {
        List<String> whole = new ArrayList<>(launcher);
        whole.addAll(command);
        try {
            return new ProcessBuilder(whole)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new LabException("'%s' could not be started: %s".formatted(command.get(0), e.getMessage()), e);
        }
    }

    /** Other processes get no event when a socket listens, so the kernel's table is polled. */
    private void awaitListening(int port) throws InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (!commands.run("ip", "netns", "exec", peerNamespace, "ss", "-Hltn", "sport", "=", ":" + port)
                .contains(":" + port)) {
            if (System.nanoTime() > deadline) {
                throw new LabException(
                        "iperf3 does not listen on port %d. Maybe another process uses the port.".formatted(port));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static int port(LabHost host) {
        return 2 * Integer.parseInt(host.name().substring(1));
    }
}
