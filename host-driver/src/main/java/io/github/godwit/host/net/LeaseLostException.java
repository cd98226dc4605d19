package io.github.godwit.host.net;

import java.io.IOException;

/** The lease has expired because it was not renewed in time, or another host driver has taken it; its rules are removed. */
final class LeaseLostException extends IOException {

    private static final long serialVersionUID = 1L;

    LeaseLostException(String lease) {
        super(
                ("The traffic rules of %s were removed: their lease was not renewed in time, or another host driver took it"
                                + " over. Reserve again, and find out what blocked this host driver.")
                        .formatted(lease));
    }
}
