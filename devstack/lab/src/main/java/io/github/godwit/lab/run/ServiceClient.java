package io.github.godwit.lab.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.lab.LabException;
import io.github.godwit.strategy.common.Texts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Talks to the service over its REST API, as an administrator's client would. */
final class ServiceClient {

    private static final Duration ANSWER = Duration.ofSeconds(30);
    /** Events may be missed while the stream opens; the state is what counts, so it is asked for. */
    private static final Duration POLL = Duration.ofMillis(250);

    private static final String DATA = "data: ";

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
     * Waits for an object to reach one of some states.
     *
     * @param atMost how long
     * @return the object then
     */
    JsonNode await(String path, Set<String> states, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            JsonNode object = get(path);
            if (states.contains(object.path("state").asText())) {
                return object;
            }
            if (System.nanoTime() > deadline) {
                throw new LabException("%s is %s still after %d s."
                        .formatted(path, object.path("state").asText(), atMost.toSeconds()));
            }
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
        }
    }

    /** Hands on what happens from now on, on a thread of its own, as long as the service runs. */
    void watch(Consumer<JsonNode> listener) {
        Thread thread = new Thread(
                () -> {
                    try {
                        http.send(
                                        request("/godwit/v1/events")
                                                .setHeader("Accept", "text/event-stream")
                                                .build(),
                                        HttpResponse.BodyHandlers.ofLines())
                                .body()
                                .filter(line -> line.startsWith(DATA))
                                .map(line -> Texts.tree(line.substring(DATA.length())))
                                .forEach(listener);
                    } catch (IOException | java.io.UncheckedIOException e) {
                        // the service ended
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "events");
        thread.setDaemon(true);
        thread.start();
    }
}
