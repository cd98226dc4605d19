package io.github.godwit.strategy.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit-strategy trail}: lists the audit trail of a running service. */
@Command(
        name = "trail",
        description = "Lists who did what with the service, from where and with which outcome; the latest first.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Without --service, the service is the one at http://127.0.0.1:9322.",
            "",
            "Examples:",
            "  godwit-strategy trail --since 24h",
            "  godwit-strategy trail --user ann --limit 500 --json",
            "  godwit-strategy trail --target 5f1ab8e6-3d1b-4bb5-a0a5-0d7ff4a0c6a1"
        })
final class TrailCommand implements Callable<Integer> {

    private static final String TABLE = "%-24s %-16s %-16s %-14s %-16s %-40s %s";

    @Spec
    private CommandSpec command;

    @Mixin
    private ServiceAddress service;

    @Option(names = "--target", paramLabel = "ID", description = "UUID or name of what was changed.")
    private String target;

    @Option(names = "--user", paramLabel = "NAME", description = "Name or id of the user.")
    private String user;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Lines since then: a number and m, h, d or w, such as 24h, or a time in ISO 8601.")
    private String since;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "Most lines, up to 1000 (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--json", description = "Print JSON: events in CADF's terms.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        JsonNode events = service.call("GET", path(), null).path("events");
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(events.toPrettyString());
        } else {
            out.println(TABLE.formatted("TIME", "USER", "FROM", "ACTION", "TYPE", "TARGET", "OUTCOME"));
            events.forEach(event -> out.println(line(event)));
        }
        out.flush();
        return 0;
    }

    private String path() {
        StringBuilder path = new StringBuilder("/godwit/v1/trail?sort_dir=desc&limit=" + limit);
        append(path, "target", target);
        append(path, "user", user);
        append(path, "since", since);
        return path.toString();
    }

    private static void append(StringBuilder path, String name, String value) {
        if (value != null) {
            path.append('&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }

    private static String line(JsonNode event) {
        JsonNode reason = event.path("reason");
        String status = "HTTP".equals(reason.path("reasonType").asText())
                ? " " + reason.path("reasonCode").asText()
                : "";
        String type = event.at("/target/typeURI").asText();
        return TABLE.formatted(
                shown(event.path("eventTime").asText().replaceFirst("\\.\\d+", "")),
                shown(event.at("/initiator/name").asText()),
                shown(event.at("/initiator/host/address").asText("-")),
                shown(event.path("action").asText()),
                shown(type.substring(type.lastIndexOf('/') + 1)),
                shown(event.at("/target/id").asText()),
                shown(event.path("outcome").asText() + status));
    }

    /** Names are texts of users; one must not look like another line, or command the terminal. */
    private static String shown(String text) {
        return text.isEmpty() ? "-" : text.replaceAll("\\p{Cntrl}", "?");
    }
}
