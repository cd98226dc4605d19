package io.github.godwit.host.cli;

import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.traffic.ForecastTrial;
import io.github.godwit.model.traffic.ForecastTrial.Errors;
import io.github.godwit.model.traffic.ForecastTrial.Sample;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code godwit-host forecast}: tells from a recorded trace of rates whether a forecast is better than the present rate. */
@Command(
        name = "forecast",
        description =
                "Forecasts the rates of a recorded trace minute by minute, and prints the mean errors beside those"
                        + " of taking the present rate.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        footer = {
            "",
            "FILE has a line 'time,in,out' for each moment: a time in ISO 8601 or in seconds since 1970, and rates in bit/s or",
            "with a unit, such as 50mbit. The first line may be the names of the columns. Write - for the standard input.",
            "",
            "Example:",
            "  godwit-host forecast tap0.csv --horizon 60 --json"
        })
final class ForecastCommand implements Callable<Integer> {

    private static final int COLUMNS = 3;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The trace.")
    private Path file;

    @Option(
            names = "--horizon",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How far ahead to forecast, at least 60.")
    private long horizon;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean asJson;

    /**
     * What is printed as JSON.
     *
     * @param horizonSeconds how far ahead was forecast
     * @param trial          the errors
     */
    private record Result(long horizonSeconds, ForecastTrial trial) {}

    @Override
    public Integer call() throws Exception {
        ForecastTrial trial = ForecastTrial.of(samples(read()), Duration.ofSeconds(horizon));
        PrintWriter out = spec.commandLine().getOut();
        if (asJson) {
            out.println(
                    WireJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(new Result(horizon, trial)));
        } else {
            out.println("%d forecasts, each %d s ahead; mean errors in Mbit/s".formatted(trial.forecasts(), horizon));
            out.println("%-10s %10s %10s".formatted("direction", "as now", "forecast"));
            line(out, "in", trial.in());
            line(out, "out", trial.out());
            trial.methods().forEach((method, times) -> out.println("%6d times %s".formatted(times, method)));
        }
        out.flush();
        return 0;
    }

    private static void line(PrintWriter out, String direction, Errors errors) {
        out.println("%-10s %10.2f %10.2f".formatted(direction, errors.asNow(), errors.forecast()));
    }

    private List<String> read() throws IOException {
        if (file.toString().equals("-")) {
            return new String(System.in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new IOException("Cannot read the trace %s: %s".formatted(file, e), e);
        }
    }

    static List<Sample> samples(List<String> lines) {
        List<Sample> samples = new ArrayList<>();
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).strip();
            if (line.isEmpty() || (number == 1 && line.startsWith("time"))) {
                continue;
            }
            String[] columns = line.split(",", -1);
            try {
                if (columns.length != COLUMNS) {
                    throw new IllegalArgumentException("it has %d columns".formatted(columns.length));
                }
                samples.add(new Sample(time(columns[0].strip()), new Traffic(rate(columns[1]), rate(columns[2]))));
            } catch (IllegalArgumentException | DateTimeParseException e) {
                throw new IllegalArgumentException(
                        "Line %d of the trace (%s) is not 'time,in,out': %s".formatted(number, line, e.getMessage()),
                        e);
            }
        }
        return samples;
    }

    private static Instant time(String text) {
        if (!text.isEmpty() && text.chars().allMatch(c -> Character.isDigit(c) || c == '.')) {
            return Instant.ofEpochMilli(new BigDecimal(text).movePointRight(3).longValue());
        }
        return Instant.parse(text);
    }

    private static Bandwidth rate(String column) {
        String text = column.strip();
        return Bandwidth.parse(text.chars().allMatch(c -> Character.isDigit(c) || c == '.') ? text + "bit" : text);
    }
}
