package io.github.godwit.strategy.rest;

import java.net.URI;

/** A request without a valid token. */
public final class Unauthenticated extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final URI keystone;

    /** Creates the error; {@code keystone} is the Keystone that issues tokens for this service. */
    public Unauthenticated(URI keystone) {
        super("The request you have made requires authentication.");
        this.keystone = keystone;
    }

    /** Returns the value of the header {@code WWW-Authenticate}, in the format of OpenStack's services. */
    String challenge() {
        return "Keystone uri=\"%s\"".formatted(keystone);
    }
}
