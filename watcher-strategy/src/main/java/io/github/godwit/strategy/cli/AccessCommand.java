package io.github.godwit.strategy.cli;

import io.github.godwit.hostapi.WireJson;
import io.github.godwit.strategy.access.AccessRules;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code godwit-strategy access}: prints who may do what. */
@Command(
        name = "access",
        description =
                "Prints the rules that say which roles may call which route of the service, in the form of a policy"
                        + " file: those that ship, with the changes of a file.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  godwit-strategy access > policy.yaml",
            "  godwit-strategy access --policy-file /etc/godwit/policy.yaml --json",
            "  godwit-strategy access --policy-file /etc/godwit/policy.yaml --role reader"
        })
final class AccessCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Option(
            names = "--policy-file",
            paramLabel = "FILE",
            description = "The file that auth.policy_file names; without it, what ships is printed.")
    private Path file;

    @Option(names = "--role", paramLabel = "ROLE", description = "Print only what a user with these roles may do.")
    private List<String> roles = List.of();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        AccessRules rules;
        try {
            rules = file == null ? AccessRules.SHIPPED : AccessRules.read(file);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
        Map<String, String> printed = new LinkedHashMap<>(rules.texts());
        if (!roles.isEmpty()) {
            printed.keySet().removeIf(name -> !name.contains(":") || !rules.allow(name, roles));
        }
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(WireJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(printed));
        } else {
            printed.forEach((name, check) -> out.println("\"%s\": \"%s\"".formatted(name, check)));
        }
        out.flush();
        return 0;
    }
}
