package io.github.godwit.lab.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.godwit.hostapi.WireJson;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;

/** The output of a command: results go to standard output, progress messages to standard error. */
record Output(PrintWriter out, PrintWriter progress) {

    static Output of(CommandSpec spec) {
        return new Output(spec.commandLine().getOut(), spec.commandLine().getErr());
    }

    void say(String line) {
        progress.println(line);
        progress.flush();
    }

    void print(String line) {
        out.println(line);
        out.flush();
    }

    void json(Object value) {
        try {
            print(WireJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The result cannot be written as JSON.", e);
        }
    }
}
