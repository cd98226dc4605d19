package io.github.godwit.model.select;

import io.github.godwit.model.select.Choice.Rejection;
import java.util.List;
import java.util.stream.Collectors;

/** No technique can migrate this VM between these hosts. The message gives the reason for each. */
public final class NoTechniqueException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With the reason for each technique. */
    public NoTechniqueException(List<Rejection> rejected) {
        super("No technique can run: "
                + rejected.stream()
                        .map(rejection -> rejection.technique().id() + " " + rejection.reason())
                        .collect(Collectors.joining("; "))
                + ".");
    }
}
