package io.github.godwit.host.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.model.unit.Bandwidth;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Two network namespaces, joined by a veth pair with both ends named {@link #NIC}; closing this removes them. */
final class TwoHosts implements AutoCloseable {

    static final String NIC = "eth0";
    static final String SOURCE_ADDRESS = "10.77.0.1";
    static final String DESTINATION_ADDRESS = "10.77.0.2";

    private static final Command HERE = new Command(List.of(), Duration.ofSeconds(15));
    private static final Duration SETTLING = Duration.ofSeconds(1);
    private static final Duration MEASURED = Duration.ofSeconds(2);

    final String source;
    final String destination;
    private final List<Process> started = new ArrayList<>();

    TwoHosts() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces need root");
        String suffix = Long.toString(ThreadLocalRandom.current().nextLong(36L * 36 * 36 * 36, 1L << 30), 36);
        source = "gwt-a-" + suffix;
        destination = "gwt-b-" + suffix;
        try {
            run(HERE, "ip netns add " + source);
            run(HERE, "ip netns add " + destination);
            run(
                    HERE,
                    "ip link add %s netns %s type veth peer name %s netns %s".formatted(NIC, source, NIC, destination));
            up(source, SOURCE_ADDRESS);
            up(destination, DESTINATION_ADDRESS);
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Limits the rate of both ends by a tbf, as the lab does. */
    TwoHosts limitedTo(String rate) throws IOException {
        for (String host : List.of(source, destination)) {
            run(command(host), "tc qdisc add dev %s root tbf rate %s burst 256kb latency 50ms".formatted(NIC, rate));
        }
        return this;
    }

    /** Runs programs on one of the hosts. */
    Command command(String host) {
        return new Command(List.of("ip", "netns", "exec", host), Duration.ofSeconds(15));
    }

    /** Runs one program, which must succeed without a message on standard error, and returns its output. */
    static String run(Command command, String line) throws IOException {
        Command.Result result = command.run(List.of(line.split(" ")), "");
        assertThat(result.exitCode() + result.error())
                .describedAs("%s: %s", line, result.errorLine())
                .isEqualTo("0");
        return result.out();
    }

    /** All rules and devices of a host, to compare the states before and after a test. */
    String rules(String host) throws IOException {
        Command command = command(host);
        String devices = run(command, "ip -br link")
                .lines()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .sorted()
                .toList()
                .toString();
        // Neighbour discovery changes the packet counters.
        return run(command, "tc -r -d qdisc show").replaceAll("direct_packets_stat \\d+", "")
                + run(command, "tc filter show dev " + NIC)
                + run(command, "tc filter show dev " + NIC + " ingress")
                + devices;
    }

    /** The settings of a host driver of one of the hosts, whose NIC has this rate. */
    static LinuxTrafficControl.Settings settings(String nic, Path state, Duration lease) {
        LinkSpeed link = new LinkSpeed(Path.of("/sys"), nic, Optional.of(Bandwidth.parse("1gbit")));
        return new LinuxTrafficControl.Settings(link, false, PortRange.LIBVIRT, state, lease);
    }

    /** The flow of a migration from the source to the destination. */
    static Flow flow(String id, Direction direction, int port) {
        return new Flow(id, direction, SOURCE_ADDRESS, DESTINATION_ADDRESS, PortRange.of(port));
    }

    /**
     * Sends as fast as TCP allows, from the source to all ports of the destination at the same time.
     *
     * @return the received rate by port, in Mbit/s
     */
    Map<Integer, Double> greedyTcp(int... ports) throws Exception {
        return greedyTcp(DESTINATION_ADDRESS, ports);
    }

    /** The same to another address of the destination. */
    Map<Integer, Double> greedyTcp(String address, int... ports) throws Exception {
        for (int port : ports) {
            Process server = start(destination, List.of("iperf3", "-s", "-1", "--forceflush", "-p", "" + port));
            awaitLine(server, "Server listening");
        }
        Map<Integer, Process> clients = new LinkedHashMap<>();
        for (int port : ports) {
            clients.put(
                    port,
                    start(
                            source,
                            List.of(
                                    "iperf3",
                                    "-J",
                                    "-c",
                                    address,
                                    "-p",
                                    "" + port,
                                    "-O",
                                    "" + SETTLING.toSeconds(),
                                    "-t",
                                    "" + MEASURED.toSeconds())));
        }
        Map<Integer, Double> megabits = new LinkedHashMap<>();
        for (Map.Entry<Integer, Process> client : clients.entrySet()) {
            Process process = client.getValue();
            JsonNode report = CompletableFuture.supplyAsync(() -> read(process)).get(15, TimeUnit.SECONDS);
            assertThat(report.path("error").asText()).isEmpty();
            megabits.put(
                    client.getKey(),
                    report.at("/end/sum_received/bits_per_second").asDouble() / 1e6);
        }
        return megabits;
    }

    /** Starts a program on a host; it is killed when this is closed. */
    Process start(String host, List<String> words) throws IOException {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", host));
        all.addAll(words);
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        started.add(process);
        return process;
    }

    /** Waits until a program prints a line with this text. */
    static String awaitLine(Process process, String text) throws Exception {
        return CompletableFuture.supplyAsync(() -> {
                    StringBuilder seen = new StringBuilder();
                    try {
                        BufferedReader reader = process.inputReader();
                        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                            if (line.contains(text)) {
                                return line;
                            }
                            seen.append(line).append('\n');
                        }
                    } catch (IOException e) {
                        seen.append(e);
                    }
                    throw new AssertionError("'%s' was not printed: %s".formatted(text, seen));
                })
                .get(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        for (Process process : started) {
            process.destroyForcibly();
        }
        HERE.run(List.of("ip", "netns", "del", source), "");
        HERE.run(List.of("ip", "netns", "del", destination), "");
    }

    private void up(String host, String address) throws IOException {
        Command command = command(host);
        run(command, "ip addr add %s/24 dev %s".formatted(address, NIC));
        run(command, "ip link set lo up");
        run(command, "ip link set %s up".formatted(NIC));
    }

    private static JsonNode read(Process process) {
        try {
            return new ObjectMapper().readTree(process.getInputStream());
        } catch (IOException e) {
            throw new AssertionError("iperf3 wrote no report", e);
        }
    }
}
