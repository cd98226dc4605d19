package io.github.godwit.lab.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.hostapi.client.ServerSentEvents;
import io.github.godwit.lab.LabException;
import io.github.godwit.strategy.common.Texts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A client of the service's REST API. */
final class ServiceClient {

    private static final Duration ANSWER = Duration.ofSeconds(30);
    /** Time between two requests for an object's state. */
    private static final Duration POLL = Duration.ofMillis(250);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI service;

    ServiceClient(URI service) {
        this.service = service;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(service.resolve(path))
                .header("Accept", "application/json")
                .header("Content-Type", "application/json")
                .header("OpenStack-API-Version", "infra-optim latest");
    }

    boolean healthy() throws InterruptedException {
        try {
            HttpRequest request = request("/healthz").timeout(ANSWER).build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    JsonNode get(String path) throws InterruptedException {
        return send(request(path).GET());
    }

    JsonNode post(String path, Object body) throws InterruptedException {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(Texts.json(body))));
    }

    private JsonNode send(HttpRequest.Builder request) throws InterruptedException {
        try {
            HttpResponse<String> response =
                    http.send(request.timeout(ANSWER).build(), HttpResponse.BodyHandlers.ofString());
            JsonNode body = Texts.tree(response.body());
            if (response.statusCode() >= 400) {
                throw new LabException("The service answered %d: %s"
                        .formatted(
                                response.statusCode(),
                                Texts.tree(body.path("error_message").asText("{}"))
                                        .path("faultstring")
                                        .asText()));
            }
            return body;
        } catch (IOException e) {
            throw new LabException("The service at %s does not answer: %s".formatted(service, e.getMessage()), e);
        }
    }

    /**
     * Opens the stream of the service's events from now on.
     *
     * @throws LabException when the service does not open it
     */
    ServerSentEvents events() throws InterruptedException {
        try {
            return ServerSentEvents.open(http, service.resolve("/godwit/v1/events"), Map.of(), ANSWER);
        } catch (IOException e) {
            throw new LabException("The service at %s sends no events: %s".formatted(service, e.getMessage()), e);
        }
    }

    /**
     * Waits for an object to reach one of some states.
     *
     * @param path   the object's path
     * @param states the states to wait for, as in its JSON
     * @param atMost how long to wait
     * @return the object in that state
     * @throws LabException when it does not reach one in time
     */
    JsonNode await(String path, Set<String> states, Duration atMost) throws InterruptedException {
        return await(path, states, atMost, () -> TimeUnit.MILLISECONDS.sleep(POLL.toMillis()));
    }

    /**
     * Waits as {@link #await(String, Set, Duration)} does and hands on the events that arrive meanwhile.
     *
     * @param events   an open stream
     * @param listener gets the data of every event, on this thread
     */
    JsonNode await(
            String path, Set<String> states, Duration atMost, ServerSentEvents events, Consumer<JsonNode> listener)
            throws InterruptedException {
        JsonNode reached = await(path, states, atMost, () -> listen(events, listener));
        // the last events may arrive after the answer that shows the state
        listen(events, listener);
        return reached;
    }

    /** What to do between two requests. */
    @FunctionalInterface
    private interface Pause {
        void pass() throws InterruptedException;
    }

    private JsonNode await(String path, Set<String> states, Duration atMost, Pause pause) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            JsonNode object = get(path);
            if (states.contains(object.path("state").asText())) {
                return object;
            }
            if (System.nanoTime() > deadline) {
                throw new LabException("%s is still %s after %d s."
                        .formatted(path, object.path("state").asText(), atMost.toSeconds()));
            }
            pause.pass();
        }
    }

    private static void listen(ServerSentEvents events, Consumer<JsonNode> listener) throws InterruptedException {
        long end = System.nanoTime() + POLL.toNanos();
        Optional<String> event;
        do {
            event = events.next(Duration.ofNanos(end - System.nanoTime()));
            event.map(Texts::tree).ifPresent(listener);
        } while (event.isPresent());
        // a stream that has ended does not wait
        TimeUnit.NANOSECONDS.sleep(end - System.nanoTime());
    }
}
