package io.github.godwit.strategy.cluster;

import java.util.List;
import java.util.stream.Collectors;

/** No host driver answered. The message contains the reason for each host driver. */
public final class UnreachableClusterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception; {@code omissions} are the host drivers, each with the reason. */
    public UnreachableClusterException(List<Omission> omissions) {
        super("No host of the cluster can be read. "
                + omissions.stream()
                        .map(omission -> omission.reason().contains(omission.what())
                                ? omission.reason()
                                : omission.what() + ": " + omission.reason())
                        .collect(Collectors.joining(" ")));
    }
}
