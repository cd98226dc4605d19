package io.github.godwit.strategy.cli;

import io.github.godwit.model.select.SloPolicies;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The source of the SLO policies: those that ship, or a file. */
final class PolicySource {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--policies",
            paramLabel = "FILE.yaml",
            description = "Read the SLO policies from this file, instead of the six that ship with Godwit.")
    private Path file;

    /**
     * Reads the policies.
     *
     * @throws ParameterException if the file cannot be read or is wrong
     */
    SloPolicies read() {
        if (file == null) {
            return SloPolicies.shipped();
        }
        try (Reader reader = Files.newBufferedReader(file)) {
            return SloPolicies.read(reader);
        } catch (IOException e) {
            throw new ParameterException(
                    command.commandLine(),
                    "The policies in %s cannot be read. Check its path and rights.".formatted(file),
                    e);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "%s: %s".formatted(file, e.getMessage()), e);
        }
    }
}
