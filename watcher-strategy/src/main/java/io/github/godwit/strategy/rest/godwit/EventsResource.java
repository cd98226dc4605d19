package io.github.godwit.strategy.rest.godwit;

import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.events.Event;
import io.github.godwit.strategy.rest.Api;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.concurrent.atomic.AtomicReference;

/** {@code /godwit/v1/events}: events of this instance, as server-sent events. */
@Path("/godwit/v1/events")
public final class EventsResource {

    private final Api api;

    /** Creates the resource. */
    public EventsResource(Api api) {
        this.api = api;
    }

    /** Streams the events from now on until the client disconnects. */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public void stream(@Context SseEventSink sink, @Context Sse sse) {
        AtomicReference<Runnable> stop = new AtomicReference<>(() -> {});
        stop.set(api.events().watch(event -> {
            if (sink.isClosed()) {
                stop.get().run();
            } else {
                sink.send(message(sse, event)).exceptionally(failure -> {
                    stop.get().run();
                    sink.close();
                    return null;
                });
            }
        }));
        sink.send(sse.newEventBuilder().comment("watching").build());
    }

    private static OutboundSseEvent message(Sse sse, Event event) {
        return sse.newEventBuilder().name(event.type()).data(Texts.json(event)).build();
    }
}
