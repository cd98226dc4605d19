package io.github.godwit.strategy.server;

import io.github.godwit.strategy.cluster.Cloud;
import java.util.Optional;

/**
 * Nova's reason of a failure. Nova puts the server back first and stores the error of its action just after that
 * ({@code wrap_instance_event} in {@code nova/compute/utils.py}), so that a reason that is missing at first is asked for once more.
 */
final class FailureReason {

    private final Cloud cloud;
    private final String server;
    private final String kind;
    private boolean asked;

    /**
     * @param server UUID of the server
     * @param kind   Nova's name of the kind of its action: migrate, stop or start
     */
    FailureReason(Cloud cloud, String server, String kind) {
        this.cloud = cloud;
        this.server = server;
        this.kind = kind;
    }

    /** Returns the reason as the end of a sentence, or nothing if it may still come; to be called at each poll of the server. */
    Optional<String> get() {
        Optional<String> reason = cloud.failure(server, kind);
        if (reason.isEmpty() && !asked) {
            asked = true;
            return Optional.empty();
        }
        return Optional.of(reason.orElse("it reports no reason."));
    }
}
