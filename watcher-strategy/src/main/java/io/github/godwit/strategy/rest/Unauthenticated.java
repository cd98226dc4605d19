package io.github.godwit.strategy.rest;

import java.net.URI;

/** A request that shows no token that is valid. */
public final class Unauthenticated extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final URI keystone;

    /** A request that could get its token from that Keystone. */
    public Unauthenticated(URI keystone) {
        super("The request you have made requires authentication.");
        this.keystone = keystone;
    }

    /** The value of {@code WWW-Authenticate}, as OpenStack's services give it. */
    String challenge() {
        return "Keystone uri=\"%s\"".formatted(keystone);
    }
}
