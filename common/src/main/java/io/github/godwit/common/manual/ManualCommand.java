package io.github.godwit.common.manual;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code manual} of a program, by which the build makes its documents. */
@Command(
        name = "manual",
        hidden = true,
        description = "Writes the manual pages of this program and its completion for bash to a directory.",
        mixinStandardHelpOptions = true)
public final class ManualCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "The directory; created if missing.")
    private Path directory;

    @Override
    public Integer call() throws IOException {
        CommandSpec program = spec.root();
        Files.createDirectories(directory);
        writePages(program);
        String completion = AutoComplete.bash(program.name(), program.commandLine());
        // It is sourced, not run.
        Files.writeString(directory.resolve(program.name() + ".bash"), completion.replaceFirst("^#!.*\n", ""));
        return 0;
    }

    private void writePages(CommandSpec command) throws IOException {
        Files.writeString(directory.resolve(ManualPage.nameOf(command) + ".1"), ManualPage.of(command));
        for (CommandSpec each : ManualPage.commandsOf(command)) {
            writePages(each);
        }
    }
}
