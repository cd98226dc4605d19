package io.github.godwit.host.net;

import java.io.IOException;

/** The rules are gone: the lease ran out because the agent was held up, or a newer agent took over. */
final class LeaseLostException extends IOException {

    private static final long serialVersionUID = 1L;

    LeaseLostException(String lease) {
        super(("The rules of %s were lifted because their lease was not renewed in time, or because another agent took"
                        + " over. Reserve again; look for what held the agent up.")
                .formatted(lease));
    }
}
