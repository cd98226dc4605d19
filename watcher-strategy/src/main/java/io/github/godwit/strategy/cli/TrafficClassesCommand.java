package io.github.godwit.strategy.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.traffic.TrafficForm;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code godwit-strategy traffic-classes}: the workload classes that follow from traffic, and their SLA bounds. */
@Command(
        name = "traffic-classes",
        description = "Lists or changes the workload classes that follow from traffic, with the bandwidth that a"
                + " migration leaves to the applications of such VMs.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "list|set|reset",
        footer = {
            "",
            "A bound is a rate (50mbit), a share of what the VM has now (60%%), or both (10mbit, 60%%), of which the larger",
            "holds. Without --service, the service is the one at http://127.0.0.1:9322.",
            "",
            "Examples:",
            "  godwit-strategy traffic-classes list",
            "  godwit-strategy traffic-classes set batch --urgency low --lower 60%% --upper 90%%",
            "  godwit-strategy traffic-classes set batch --project 9c0d... --urgency low --lower 80%% --upper 100%%",
            "  godwit-strategy traffic-classes reset batch --json"
        })
final class TrafficClassesCommand {

    private static final String PATH = "/godwit/v1/traffic_classes";
    private static final String PROJECT = "project";
    private static final String VERSION = "version";

    @Spec
    private CommandSpec command;

    @Command(
            name = "list",
            description = "Lists the classes in the order in which they are tried.",
            mixinStandardHelpOptions = true)
    int list(@Option(names = "--json", description = "Print JSON.") boolean json, @Mixin ServiceAddress service)
            throws IOException, InterruptedException {
        JsonNode classes = service.call("GET", PATH, null);
        return print(classes, classes.path(TrafficForm.CLASSES), json);
    }

    @Command(
            name = "set",
            description = "Sets the bounds of a class, or of a project in it, for one urgency.",
            mixinStandardHelpOptions = true)
    int set(
            @Parameters(paramLabel = "CLASS", description = "Name of the class.") String name,
            @Option(names = "--urgency", required = true, paramLabel = "URGENCY", description = "high, medium or low.")
                    Urgency urgency,
            @Option(
                            names = "--lower",
                            required = true,
                            paramLabel = "BOUND",
                            description = "What applications must keep.")
                    String lower,
            @Option(
                            names = "--upper",
                            required = true,
                            paramLabel = "BOUND",
                            description = "What applications should keep.")
                    String upper,
            @Option(names = "--project", paramLabel = "ID", description = "Only for the VMs of this project.")
                    String project,
            @Option(names = "--json", description = "Print JSON.") boolean json,
            @Mixin ServiceAddress service)
            throws IOException, InterruptedException {
        ObjectNode now = (ObjectNode) service.call("GET", path(name, null), null);
        ObjectNode body = now.deepCopy();
        body.remove(List.of(VERSION, "projects"));
        if (project != null) {
            body = JsonNodeFactory.instance.objectNode();
            body.set(TrafficForm.BOUNDS, boundsOf(now, project));
        }
        ((ObjectNode) body.path(TrafficForm.BOUNDS))
                .putObject(urgency.toString())
                .put("sla_lower", lower)
                .put("sla_upper", upper);
        service.call("PUT", path(name, project), body);
        return show(name, json, service);
    }

    private static JsonNode boundsOf(JsonNode type, String project) {
        for (JsonNode each : type.path("projects")) {
            if (each.path(PROJECT).asText().equals(project)) {
                return each.path(TrafficForm.BOUNDS);
            }
        }
        return JsonNodeFactory.instance.objectNode();
    }

    @Command(
            name = "reset",
            description = "Undoes all changes of a class, or removes the bounds of a project in it.",
            mixinStandardHelpOptions = true)
    int reset(
            @Parameters(paramLabel = "CLASS", description = "Name of the class.") String name,
            @Option(names = "--project", paramLabel = "ID", description = "Only the bounds of this project.")
                    String project,
            @Option(names = "--json", description = "Print JSON.") boolean json,
            @Mixin ServiceAddress service)
            throws IOException, InterruptedException {
        service.call("DELETE", path(name, project), null);
        return list(json, service);
    }

    private static String path(String name, String project) {
        return PATH + "/" + encoded(name) + (project == null ? "" : "/projects/" + encoded(project));
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private int show(String name, boolean json, ServiceAddress service) throws IOException, InterruptedException {
        JsonNode type = service.call("GET", path(name, null), null);
        return print(type, List.of(type), json);
    }

    private int print(JsonNode all, Iterable<JsonNode> types, boolean json) {
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(all.toPrettyString());
        } else {
            types.forEach(type -> lines(type).forEach(out::println));
        }
        out.flush();
        return 0;
    }

    private static List<String> lines(JsonNode type) {
        List<String> lines = new ArrayList<>();
        int version = type.path(VERSION).asInt();
        lines.add("%-18s %s%s"
                .formatted(
                        type.path("name").asText(),
                        type.path("description").asText(),
                        version == 0 ? "" : " (version " + version + ")"));
        List<String> directions = new ArrayList<>();
        type.path("traffic").forEach(each -> directions.add(each.asText()));
        lines.add("    %s, from %s%s"
                .formatted(
                        String.join(" or ", directions),
                        type.path("at_least").asText(),
                        type.has("below") ? " to " + type.path("below").asText() : " on"));
        bounds(type.path(TrafficForm.BOUNDS), "", lines);
        type.path("projects")
                .forEach(each -> bounds(
                        each.path(TrafficForm.BOUNDS),
                        "project " + each.path(PROJECT).asText() + ", ",
                        lines));
        return lines;
    }

    private static void bounds(JsonNode bounds, String whose, List<String> lines) {
        bounds.properties()
                .forEach(entry -> lines.add("    %s%s urgency: keeps %s, better %s"
                        .formatted(
                                whose,
                                entry.getKey(),
                                entry.getValue().path("sla_lower").asText(),
                                entry.getValue().path("sla_upper").asText())));
    }
}
