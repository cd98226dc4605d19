package io.github.godwit.lab.client;

import io.github.godwit.model.unit.Bandwidth;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One TCP stream of iperf3 to or from a guest; the series has megabits, ten times a second. */
final class IperfLoad implements Load {

    private static final Pattern INTERVAL =
            Pattern.compile("\\[ *\\d+\\] +([\\d.]+)-([\\d.]+) +sec +\\S+ \\S+ +([\\d.]+) Mbits/sec.*");

    /** The last lines sum up the whole test. */
    private static final double LONGEST_INTERVAL = 0.5;

    private final List<String> command;

    /**
     * @param in   true for traffic into the guest
     * @param rate the most bandwidth, or empty for no limit
     */
    IperfLoad(String address, boolean in, String rate) {
        List<String> words = new ArrayList<>(List.of("iperf3", "--client", address, "--time", "0"));
        words.addAll(List.of("--interval", "0.1", "--format", "m", "--forceflush"));
        if (!in) {
            words.add("--reverse");
        }
        if (!rate.isEmpty()) {
            words.addAll(
                    List.of("--bitrate", Long.toString(Bandwidth.parse(rate).bitsPerSecond())));
        }
        command = List.copyOf(words);
    }

    List<String> command() {
        return command;
    }

    @Override
    public void run(Series series) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "end-iperf3"));
        String last = "it printed nothing";
        try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                long now = System.nanoTime();
                megabits(line).ifPresent(amount -> series.add(now, amount));
                last = line;
            }
        } finally {
            process.destroy();
        }
        throw new IOException("iperf3 ended: " + last);
    }

    /** The megabits of a line about one interval; empty for any other line. */
    static OptionalDouble megabits(String line) {
        Matcher matcher = INTERVAL.matcher(line);
        if (!matcher.matches()) {
            return OptionalDouble.empty();
        }
        double seconds = Double.parseDouble(matcher.group(2)) - Double.parseDouble(matcher.group(1));
        return seconds > LONGEST_INTERVAL
                ? OptionalDouble.empty()
                : OptionalDouble.of(seconds * Double.parseDouble(matcher.group(3)));
    }
}
