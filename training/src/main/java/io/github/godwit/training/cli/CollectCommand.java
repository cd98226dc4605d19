package io.github.godwit.training.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code godwit-train collect}: collects rows by running {@code lab collect} as a child process. */
@Command(
        name = "collect",
        description = "Collects a dataset of real migrations in the lab; --help lists the options.",
        footer = {"", "Example:", "  godwit-train collect --migrations 5000 --seed 1 --out rows.jsonl"})
final class CollectCommand implements Callable<Integer> {

    @Parameters(arity = "0..*", paramLabel = "ARGUMENT", description = "Arguments of 'lab collect'.")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path lab = Path.of(System.getProperty("godwit.root", "."), "devstack/lab/bin/lab");
        if (!Files.isExecutable(lab)) {
            throw new IOException(
                    "The program %s of the lab is missing. Start godwit-train with training/bin/godwit-train."
                            .formatted(lab));
        }
        List<String> command = new ArrayList<>(List.of(lab.toString(), "collect"));
        command.addAll(arguments);
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
