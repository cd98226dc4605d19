package io.github.godwit.host.nic;

import java.io.IOException;
import java.util.List;

/** Runs programs that only ask, such as {@code ip}, within a short time. */
@FunctionalInterface
public interface Program {

    /**
     * Runs a program and waits for its end.
     *
     * @param words the program and its arguments
     * @return its standard output
     * @throws IOException if it cannot be started, fails or does not end in time
     */
    String run(List<String> words) throws IOException;
}
