package io.github.godwit.strategy.rest.godwit;

import io.github.godwit.strategy.access.Caller;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.events.Event;
import io.github.godwit.strategy.events.EventStreams;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.Guard;
import io.github.godwit.strategy.rest.GuardFilter;
import io.github.godwit.strategy.rest.TrailNotes;
import io.github.godwit.strategy.rest.Unauthenticated;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Instant;

/** {@code /godwit/v1/events}: events of this instance, as server-sent events. */
@Path("/godwit/v1/events")
public final class EventsResource {

    private final Api api;
    private final Guard guard;

    /** Creates the resource; {@code guard} says whether clients may still see the events. */
    public EventsResource(Api api, Guard guard) {
        this.api = api;
        this.guard = guard;
    }

    /** Streams the events from now on until the client disconnects, or may not see them any more. */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public void stream(@Context ContainerRequestContext request, @Context SseEventSink sink, @Context Sse sse) {
        Instant expires = TrailNotes.caller(request).map(Caller::expires).orElse(Instant.MAX);
        String token = GuardFilter.token(request);
        String rule = GuardFilter.rule(request).name();
        api.streams().open(new Client(sink, sse, expires, () -> isAdmitted(token, rule)));
        sink.send(comment(sse, "watching"));
    }

    private boolean isAdmitted(String token, String rule) {
        try {
            guard.require(guard.caller(token, null), rule);
            return true;
        } catch (Unauthenticated e) {
            return false;
        } catch (ServiceRefusal e) {
            if (e.kind() == ServiceRefusal.Kind.FORBIDDEN) {
                return false;
            }
            throw e;
        }
    }

    private static OutboundSseEvent comment(Sse sse, String text) {
        return sse.newEventBuilder().comment(text).build();
    }

    /** Whether a client may still see the events. */
    @FunctionalInterface
    private interface Admission {
        boolean holds();
    }

    private record Client(SseEventSink sink, Sse sse, Instant expires, Admission admission)
            implements EventStreams.Stream {

        @Override
        public void send(Event event) {
            message(sse.newEventBuilder()
                    .name(event.type())
                    .data(Texts.json(event))
                    .build());
        }

        @Override
        public void ping() {
            message(comment(sse, "still here"));
        }

        private void message(OutboundSseEvent message) {
            if (!sink.isClosed()) {
                sink.send(message).exceptionally(failure -> {
                    close();
                    return null;
                });
            }
        }

        @Override
        public boolean isClosed() {
            return sink.isClosed();
        }

        @Override
        public boolean isAdmitted() {
            return admission.holds();
        }

        @Override
        public void close() {
            sink.close();
        }
    }
}
