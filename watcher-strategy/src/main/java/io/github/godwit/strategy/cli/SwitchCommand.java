package io.github.godwit.strategy.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit-strategy switch}: stops what the service does, or lets it continue. */
@Command(
        name = "switch",
        description = "Switches the service off or on, for all its instances, or shows which.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "off|on|status",
        footer = {
            "",
            "Without --service, the service is the one at http://127.0.0.1:9322.",
            "While the service is off, no audit runs by itself, no action plan starts, and running plans begin no further",
            "action. Migrations that run continue.",
            "",
            "Examples:",
            "  godwit-strategy switch off --reason 'network maintenance in row 7'",
            "  godwit-strategy switch status --json",
            "  godwit-strategy switch on --service http://controller:9322"
        })
final class SwitchCommand {

    @Spec
    private CommandSpec command;

    @Command(name = "off", description = "Switches the service off.", mixinStandardHelpOptions = true)
    int off(
            @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why; shown everywhere.")
                    String reason,
            @Option(names = "--json", description = "Print JSON.") boolean json,
            @Mixin ServiceAddress service)
            throws IOException, InterruptedException {
        return put(false, reason, json, service);
    }

    @Command(name = "on", description = "Switches the service on.", mixinStandardHelpOptions = true)
    int on(@Option(names = "--json", description = "Print JSON.") boolean json, @Mixin ServiceAddress service)
            throws IOException, InterruptedException {
        return put(true, null, json, service);
    }

    @Command(name = "status", description = "Shows whether the service is on.", mixinStandardHelpOptions = true)
    int status(@Option(names = "--json", description = "Print JSON.") boolean json, @Mixin ServiceAddress service)
            throws IOException, InterruptedException {
        return print(service.call("GET", "/godwit/v1/switch", null), json);
    }

    private int put(boolean enabled, String reason, boolean json, ServiceAddress service)
            throws IOException, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("enabled", enabled);
        if (reason != null) {
            body.put("reason", reason);
        }
        return print(service.call("PUT", "/godwit/v1/switch", body), json);
    }

    private int print(JsonNode state, boolean json) {
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(state.toPrettyString());
        } else if (state.path("enabled").asBoolean()) {
            out.println("The service is on.");
        } else {
            out.println("The service is off since %s: %s"
                    .formatted(
                            state.path("changed_at").asText(),
                            state.path("reason").asText()));
        }
        out.flush();
        return 0;
    }
}
