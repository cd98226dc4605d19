package io.github.godwit.model.select;

import io.github.godwit.model.select.Choice.Rejection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Thrown when no technique can migrate a VM between two hosts. The message contains the reason for each technique, once if it is the same
 * for all.
 */
public final class NoTechniqueException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates an exception with the reason for each technique. */
    public NoTechniqueException(List<Rejection> rejected) {
        super("No technique can run: " + reasons(rejected) + ".");
    }

    private static String reasons(List<Rejection> rejected) {
        if (rejected.stream().map(Rejection::reason).distinct().count() == 1) {
            return "each " + rejected.get(0).reason();
        }
        return rejected.stream()
                .map(rejection -> rejection.technique().id() + " " + rejection.reason())
                .collect(Collectors.joining("; "));
    }
}
