package io.github.godwit.strategy.service;

import io.github.godwit.strategy.FakeHostDriver;
import io.github.godwit.strategy.common.Texts;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code devstack/fuzz}: random requests to {@code godwit-strategy serve} on one of its databases, over two played host drivers. */
@Command(
        name = "fuzz",
        mixinStandardHelpOptions = true,
        description = {
            "Sends random requests over all routes to a running service: bodies, headers, methods, and text of all planes. After each"
                    + " batch it reads all lists at all microversions. Ends with status 1 at the first request that makes the service fail, and prints it as a curl line.",
            "The same seed sends the same requests, as far as the service gives the same answers."
        })
public final class FuzzProgram implements Callable<Integer> {

    private static final String LOG = "debug.log";
    private static final int LAST_LINES = 40;
    private static final int BATCH = 2_500;
    private static final String PASSWORD = "GODWIT_FUZZ_PASSWORD";

    private enum Kind {
        H2,
        MARIADB,
        POSTGRESQL
    }

    @Option(
            names = "--requests",
            defaultValue = "100000",
            description = "Number of requests. Default: ${DEFAULT-VALUE}")
    private int requests;

    @Option(
            names = "--database",
            defaultValue = "h2",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private Kind kind;

    @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}")
    private long seed;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures to this file")
    private Path json;

    /** Runs the command. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new FuzzProgram())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path directory = Files.createTempDirectory("godwit-fuzz");
        try {
            return switch (kind) {
                case H2 ->
                    run(directory, new TestDatabase("jdbc:h2:file:%s/db".formatted(directory), "godwit", "godwit"));
                case MARIADB -> {
                    try (MariaDb server = new MariaDb(Files.createDirectory(directory.resolve("mariadb")))) {
                        yield run(directory, server.database());
                    }
                }
                case POSTGRESQL -> {
                    try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                            .setOverrideWorkingDirectory(
                                    directory.resolve("postgres").toFile())
                            .start()) {
                        yield run(
                                directory,
                                new TestDatabase(server.getJdbcUrl("postgres", "postgres"), "postgres", "postgres"));
                    }
                }
            };
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private int run(Path directory, TestDatabase database) throws Exception {
        int port = Daemon.freePort();
        try (FakeHostDriver h1 = new FakeHostDriver("host h1 cores=8 memory=65536\nvm a\nvm b\nvm c");
                FakeHostDriver h2 = new FakeHostDriver("host h2 cores=8 memory=65536")) {
            Process service = start(directory, database, port, h1.url(), h2.url());
            try (FuzzRun run = new FuzzRun(port, seed)) {
                FuzzRun.Report report = run.run(requests, BATCH, System.out::println);
                write(report, service.isAlive());
                if (report.broken().isPresent()) {
                    FuzzRun.Broken broken = report.broken().get();
                    System.out.printf(
                            "Request %d broke the service:%n%s%n%s%nIts log ends with:%n%s%n",
                            broken.request(),
                            broken.curl(),
                            broken.answer(),
                            String.join("\n", end(directory.resolve(LOG))));
                }
                return report.broken().isEmpty() && service.isAlive() ? 0 : 1;
            } finally {
                service.destroyForcibly().waitFor();
            }
        }
    }

    private static Deque<String> end(Path log) throws IOException {
        Deque<String> last = new ArrayDeque<>();
        try (Stream<String> lines = Files.lines(log)) {
            lines.forEach(line -> {
                if (last.size() == LAST_LINES) {
                    last.removeFirst();
                }
                last.add(line);
            });
        }
        return last;
    }

    private void write(FuzzRun.Report report, boolean alive) throws IOException {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("database", kind.name().toLowerCase(Locale.ROOT));
        figures.put("seed", seed);
        figures.put("requests", report.requests());
        figures.put("seconds", Math.round(report.seconds()));
        figures.put("statuses", report.statuses());
        figures.put("closed_without_answer", report.unanswered());
        figures.put("pages_of_lists_read", report.pages());
        figures.put("slowest_ms", report.slowestMillis());
        figures.put("slowest", report.slowest());
        figures.put("service_runs", alive);
        figures.put("broken", report.broken().orElse(null));
        String text = Texts.json(figures);
        System.out.println(text);
        if (json != null) {
            Files.writeString(json, text + "\n");
        }
    }

    private static Process start(Path directory, TestDatabase database, int port, URI... hosts) throws Exception {
        Path config = Files.writeString(directory.resolve("strategy.yaml"), """
                listen: 127.0.0.1:%d
                auth: {mode: noauth}
                database: {url: "%s", user: "%s", password: {env: %s}}
                hosts: ["%s", "%s"]
                instance: fuzz
                """.formatted(
                        port, database.url(), database.user(), PASSWORD, hosts[0], hosts[1]));
        Path log = directory.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        "setpriv",
                        "--pdeathsig",
                        "KILL",
                        "--",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx1g",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:TieredStopAtLevel=1",
                        "-Dlogback.configurationFile=godwit-strategy-logback.xml",
                        "-Dgodwit.log=" + directory.resolve(LOG),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.github.godwit.strategy.cli.GodwitStrategy",
                        "serve",
                        "--config",
                        config.toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put(PASSWORD, database.password());
        Process process = builder.start();
        for (int tries = 0; tries < 1_800; tries++) {
            try (RawClient client = new RawClient(port, java.time.Duration.ofSeconds(5))) {
                client.send(new FuzzRequest("GET", "/healthz", List.of(), null, true));
                return process;
            } catch (IOException e) {
                if (!process.isAlive()) {
                    break;
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        process.destroyForcibly();
        throw new IllegalStateException("The service does not start: " + Files.readString(log));
    }
}
