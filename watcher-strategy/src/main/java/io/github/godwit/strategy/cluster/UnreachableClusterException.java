package io.github.godwit.strategy.cluster;

import java.util.List;
import java.util.stream.Collectors;

/** No host driver answered, so that there is nothing to decide about. The message tells the reason for each. */
public final class UnreachableClusterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With what was left out, which is everything. */
    public UnreachableClusterException(List<Omission> omissions) {
        super("No host of the cluster can be read. "
                + omissions.stream()
                        .map(omission -> omission.reason().contains(omission.what())
                                ? omission.reason()
                                : omission.what() + ": " + omission.reason())
                        .collect(Collectors.joining(" ")));
    }
}
