package io.github.godwit.lab.system;

import java.util.List;

/** Runs short commands of the system, such as {@code ip} and {@code tc}. */
public interface CommandRunner {

    /**
     * Runs a command to its end.
     *
     * @return what it printed
     * @throws io.github.godwit.lab.LabException when it is not installed, fails (with its own words) or does not end in time
     */
    String run(List<String> command);

    /** {@link #run(List)} with the words as they come. */
    default String run(String... command) {
        return run(List.of(command));
    }
}
