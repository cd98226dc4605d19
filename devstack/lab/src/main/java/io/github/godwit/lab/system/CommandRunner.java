package io.github.godwit.lab.system;

import java.util.List;

/** Runs short system commands such as {@code ip} and {@code tc}. */
public interface CommandRunner {

    /**
     * Runs a command to its end.
     *
     * @return its standard output
     * @throws io.github.godwit.lab.LabException when it is not installed, fails (the message contains its error output) or does not end in time
     */
    String run(List<String> command);

    /** Runs a command given word by word; see {@link #run(List)}. */
    default String run(String... command) {
        return run(List.of(command));
    }
}
