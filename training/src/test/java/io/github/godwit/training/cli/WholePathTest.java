package io.github.godwit.training.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.bandwidth.BandwidthModelForm;
import io.github.godwit.model.bandwidth.TechniqueFamily;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.forest.PredictionModel;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.training.TrainingRows;
import io.github.godwit.training.data.RowFiles;
import io.github.godwit.training.simulate.Simulator;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** From rows to a deployed model and its errors, on a part of the shipped dataset: runs every command as a user does. */
class WholePathTest {

    /** About 70 for each technique. */
    private static final int ROWS = 700;

    private static final Path SHIPPED = Path.of("data/lab.jsonl.gz");

    @TempDir
    private Path directory;

    private Path rows;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void takeAPart() throws IOException {
        List<DatasetRow> all = RowFiles.read(SHIPPED);
        rows = directory.resolve("rows.jsonl.gz");
        RowFiles.write(rows, all.subList(0, Math.min(ROWS, all.size())));
    }

    private int run(Object... arguments) {
        CommandLine line = Commands.line();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
    }

    @Test
    void evaluatePrintsTheErrorsOfModels() throws IOException {
        Path json = directory.resolve("figures.json");

        assertThat(run("evaluate", "--rows", rows, "--folds", 3, "--json", json))
                .as(err.toString())
                .isZero();

        JsonNode figures = WireJson.mapper().readTree(json.toFile());
        assertThat(figures.path("rows").asInt()).isGreaterThan(ROWS / 2);
        assertThat(figures.path("families")).hasSizeGreaterThan(5);
        for (Metric metric : Metric.values()) {
            for (String table : List.of("metrics", "unseen")) {
                JsonNode errors = figures.path(table).path(metric.id());
                assertThat(errors.path("gmre").asDouble(-1))
                        .as(table + " " + metric)
                        .isPositive();
                assertThat(errors.path("nrmse").asDouble(-1))
                        .as(table + " " + metric)
                        .isBetween(0.0, 1.0);
            }
            assertThat(figures.path("metrics")
                            .path(metric.id())
                            .path("coverage90")
                            .asDouble())
                    .as("coverage of " + metric)
                    .isBetween(0.84, 0.95);
        }
        assertThat(figures.path("metrics").path("TT").path("gmre").asDouble()).isLessThan(0.15);
        assertThat(figures.path("metrics").path("TD").path("gmre").asDouble()).isLessThan(0.1);
        assertThat(figures.path("by_technique")
                        .path("PRE")
                        .path("TT")
                        .path("gmae")
                        .asDouble(-1))
                .isPositive();
        int inClasses = 0;
        for (JsonNode time : figures.path("by_total_time")) {
            inClasses += time.path("TT").path("count").asInt();
        }
        assertThat(inClasses)
                .isPositive()
                .isEqualTo(figures.path("metrics").path("TT").path("count").asInt());
    }

    @Test
    void compareComparesTheChoiceWithTheOracle() throws IOException {
        Path json = directory.resolve("figures.json");
        Path plots = directory.resolve("plots");

        assertThat(run("compare", "--rows", rows, "--folds", 3, "--json", json, "--plots", plots))
                .as(err.toString())
                .isZero();

        JsonNode figures = WireJson.mapper().readTree(json.toFile());
        assertThat(figures.path("summary").path("avoided").asDouble()).isBetween(0.3, 1.0);
        assertThat(figures.path("known")).isEmpty();
        JsonNode policies = figures.path("policies");
        assertThat(policies).hasSize(SloPolicies.shipped().all().size());
        policies.forEach(strategies -> {
            double oracle = strategies.path("ORACLE").path("score").asDouble();
            strategies.forEach(
                    strategy -> assertThat(strategy.path("score").asDouble()).isGreaterThanOrEqualTo(oracle - 1e-12));
        });
        assertThat(total(policies, "guided")).isLessThan(total(policies, "PRE"));
        for (String name : List.of("violations", "optimised", "shares", "error-tt")) {
            assertThat(plots.resolve(name + ".png")).isNotEmptyFile();
            assertThat(plots.resolve(name + ".csv")).isNotEmptyFile();
        }
    }

    @Test
    void anotherRunWithEqualCostsChoosesLikeTheOracle() throws IOException {
        Path json = directory.resolve("figures.json");
        Path twice = directory.resolve("twice.jsonl.gz");
        List<DatasetRow> once = RowFiles.read(rows);
        RowFiles.write(
                twice,
                Stream.concat(once.stream(), once.stream().map(WholePathTest::again))
                        .toList());

        assertThat(run("compare", "--rows", twice, "--folds", 2, "--repeated", "--json", json))
                .as(err.toString())
                .isZero();

        JsonNode figures = WireJson.mapper().readTree(json.toFile());
        JsonNode otherRun = figures.path("repeated").path("known").path("another run");
        assertThat(otherRun.path("avoidable").asInt()).isPositive();
        assertThat(otherRun.path("avoided").asDouble()).isEqualTo(1);
        assertThat(otherRun.path("regret").asDouble()).isZero();
        assertThat(figures.path("repeated").path("known").path("mean of all runs"))
                .isEqualTo(otherRun);
        assertThat(figures.path("means").path("cases").asInt())
                .as("two runs with equal costs are one case with their mean")
                .isEqualTo(figures.path("repeated").path("cases").asInt() / 2);
        assertThat(figures.path("means").path("summary").path("avoided"))
                .isEqualTo(figures.path("repeated").path("summary").path("avoided"));
    }

    private static DatasetRow again(DatasetRow row) {
        return new DatasetRow(
                row.id() + "-again",
                row.caseId() + "2",
                row.family(),
                row.workload(),
                row.seed(),
                row.guestVerified(),
                row.disturbance(),
                row.versions(),
                row.outcome());
    }

    /** Weighted violations of a strategy over all policies. */
    private static double total(JsonNode policies, String strategy) {
        double sum = 0;
        for (JsonNode strategies : policies) {
            sum += strategies.path(strategy).path("score").asDouble();
        }
        return sum;
    }

    @Test
    void aModelIsFittedExportedAndOnlyReplacedByABetterOne() throws IOException {
        Path model = directory.resolve("one.model");
        Path deployed = directory.resolve("deployed.model");

        assertThat(run("fit", "--rows", rows, "--folds", 2, "--out", model))
                .as(err.toString())
                .isZero();
        assertThat(run("export", model, "--to", deployed)).as(err.toString()).isZero();
        PredictionModel read = ModelOptions.read(deployed);
        assertThat(read.about().rows()).isPositive();
        assertThat(out.toString()).contains(read.about().fingerprint());

        byte[] before = Files.readAllBytes(deployed);
        assertThat(run("refit", "--champion", deployed, "--rows", rows, "--folds", 2))
                .as(err.toString())
                .isZero();
        // the champion was trained on the newest rows, so no challenger can be better on them
        assertThat(out.toString()).contains("The champion stays");
        assertThat(deployed).hasBinaryContent(before);
    }

    @Test
    void simulatedRowsHaveTheErrorsOfRealOnesAndAreMarked() throws IOException {
        Path simulated = directory.resolve("simulated.jsonl.gz");

        assertThat(run("simulate", "--real", rows, "--rows", 500, "--out", simulated))
                .as(err.toString())
                .isZero();

        List<DatasetRow> made = RowFiles.read(simulated);
        assertThat(made).hasSize(500).allMatch(row -> row.versions().containsKey(Simulator.MARK));
        out.toString()
                .lines()
                .filter(line -> line.startsWith("  "))
                .forEach(line -> assertThat(Double.parseDouble(line.strip().split("\\s+", -1)[1]))
                        .as("Kolmogorov-Smirnov: " + line)
                        .isLessThan(0.25));
    }

    @Test
    void costsAreFittedToRowsOfOneAcceleratorAndNotOfBoth() throws IOException {
        List<DatasetRow> real = TrainingRows.real(2);
        Path one = directory.resolve("kvm.jsonl");
        Path both = directory.resolve("both.jsonl");
        RowFiles.write(one, real);
        RowFiles.write(both, List.of(real.get(0), TrainingRows.runBy(Accelerator.TCG, real.get(1))));

        assertThat(run("calibrate", "--rows", both, "--evaluations", 30)).isEqualTo(2);
        assertThat(err.toString())
                .contains("godwit-train: The rows are of guests under [KVM, TCG]."
                        + " Each accelerator has its own costs, so give rows of one.");
        assertThat(out.toString()).isEmpty();
        assertThat(run("calibrate", "--rows", one, "--evaluations", 30))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).startsWith("error ").contains("setupSeconds");
    }

    @Test
    void aBandwidthModelIsFittedToMeasuredMigrations() throws IOException {
        Path model = directory.resolve("bandwidth.json");
        Path json = directory.resolve("figures.json");

        assertThat(run("bandwidth", rows, SHIPPED, "--out", model, "--json", json))
                .as(err.toString())
                .isZero();

        JsonNode figures = WireJson.mapper().readTree(json.toFile());
        assertThat(figures.path("usable").asInt())
                .isBetween(500, figures.path("rows").asInt());
        assertThat(figures.path("curves")).hasSize(9);
        assertThat(out.toString()).contains("published").contains("bandwidth.json");
        try (InputStream in = Files.newInputStream(model)) {
            assertThat(BandwidthModelForm.read(in)
                            .curve(TechniqueFamily.PRE, TrafficClass.OUTBOUND)
                            .at(0))
                    .isBetween(0.8, 1.0);
        }

        Path missing = directory.resolve("none.jsonl");
        assertThat(run("bandwidth", missing)).isEqualTo(1);
        assertThat(err.toString()).contains("There is no file");
    }

    @Test
    void damagedFilesAreRefusedWithOneSentence() throws IOException {
        Path damaged = directory.resolve("damaged.model");
        Files.write(damaged, "Godwit prediction model\nnot really".getBytes(StandardCharsets.UTF_8));
        Path target = directory.resolve("target.model");

        assertThat(run("export", damaged, "--to", target)).isEqualTo(1);
        assertThat(err.toString()).contains("godwit-train:").doesNotContain("Exception");
        assertThat(target).doesNotExist();

        Path noRows = directory.resolve("rows.jsonl");
        Files.writeString(noRows, "{\"a\": 1}\n");
        assertThat(run("evaluate", "--rows", noRows)).isEqualTo(1);
        assertThat(err.toString()).contains("Line 1 of " + noRows);

        assertThat(run("fit", "--rows", directory.resolve("missing"), "--out", target))
                .isEqualTo(1);
        assertThat(err.toString()).contains("There is no file");
    }

    @Test
    void aTableHasALineForEachMigration() {
        assertThat(run("table", "--rows", rows)).isZero();
        List<String> lines = out.toString().lines().toList();

        assertThat(lines).hasSizeGreaterThan(ROWS / 2);
        assertThat(lines.get(0))
                .startsWith("id,case,family,technique,hypervisor,accelerator,memory_mib,")
                .contains(",tt,dt,td,perf,cpu,mem,");
        int columns = lines.get(0).split(",", -1).length;
        assertThat(lines).allMatch(line -> line.split(",", -1).length == columns);
    }
}
