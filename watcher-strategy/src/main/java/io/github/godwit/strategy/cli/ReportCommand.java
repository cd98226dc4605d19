package io.github.godwit.strategy.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.shadow.ReportTable;
import io.github.godwit.strategy.shadow.ShadowReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit-strategy report}: what Godwit would have chosen for the migrations that it observed. */
@Command(
        name = "report",
        description =
                "Reports on the migrations that Godwit only observed: what it would have chosen, predicted and measured costs of Nova's"
                        + " own flags, and what it is expected to have saved.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Without --service, the service is the one at http://127.0.0.1:9322.",
            "Migrations appear in the report within a minute after their end.",
            "",
            "Examples:",
            "  godwit-strategy report",
            "  godwit-strategy report --since 24h --json report.json",
            "  godwit-strategy report --since 2026-12-01T00:00:00Z --service http://controller:9322"
        })
final class ReportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private ServiceAddress service;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            defaultValue = ShadowReport.USUAL_PERIOD,
            description =
                    "Migrations since then: a number and m, h, d or w, or a time in ISO 8601 (default: ${DEFAULT-VALUE}).")
    private String since;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Also write the report to this file as JSON; - for standard output only.")
    private Optional<Path> json = Optional.empty();

    @Override
    public Integer call() throws IOException, InterruptedException {
        JsonNode answer = service.call(
                "GET", "/godwit/v1/report?since=" + URLEncoder.encode(since, StandardCharsets.UTF_8), null);
        PrintWriter out = command.commandLine().getOut();
        if (json.isPresent() && json.get().toString().equals("-")) {
            out.println(answer.toPrettyString());
            out.flush();
            return 0;
        }
        if (json.isPresent()) {
            Files.writeString(json.get(), answer.toPrettyString() + "\n");
        }
        out.print(ReportTable.write(Texts.mapper().treeToValue(answer, ShadowReport.class)));
        out.flush();
        return 0;
    }
}
