package io.github.godwit.strategy.rest;

import io.github.godwit.strategy.access.Caller;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Optional;

/** What the audit trail says of a request, where its method and path do not say it. */
public final class TrailNotes {

    private static final String CALLER = TrailNotes.class.getName() + ".caller";
    private static final String ACTION = TrailNotes.class.getName() + ".action";
    private static final String TARGET = TrailNotes.class.getName() + ".target";

    private TrailNotes() {}

    /** Notes who makes the request. */
    static void caller(ContainerRequestContext request, Caller caller) {
        request.setProperty(CALLER, caller);
    }

    /** Returns who makes the request, or nothing if that is not known. */
    public static Optional<Caller> caller(ContainerRequestContext request) {
        return request.getProperty(CALLER) instanceof Caller caller ? Optional.of(caller) : Optional.empty();
    }

    /** Notes what the request does. */
    public static void action(ContainerRequestContext request, String action) {
        request.setProperty(ACTION, action);
    }

    static Optional<String> action(ContainerRequestContext request) {
        return text(request, ACTION);
    }

    /** Notes the UUID or name of the object that is changed. */
    public static void target(ContainerRequestContext request, Object identity) {
        request.setProperty(TARGET, identity.toString());
    }

    static Optional<String> target(ContainerRequestContext request) {
        return text(request, TARGET);
    }

    private static Optional<String> text(ContainerRequestContext request, String property) {
        return request.getProperty(property) instanceof String text ? Optional.of(text) : Optional.empty();
    }
}
