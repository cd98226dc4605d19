package io.github.godwit.strategy.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.model.analytic.AnalyticPredictor;
import io.github.godwit.strategy.Texts;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.rest.Guard;
import io.github.godwit.strategy.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

/** A whole instance of the service, and a client that says what it wants in one line. */
final class TestService implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Fast enough for a test to see an instance die. */
    static final Tasks.Pace PACE = new Tasks.Pace(Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofHours(24));

    private final HttpClient http = HttpClient.newHttpClient();
    private final Service service;

    TestService(Database database, Cloud cloud, String instance) {
        try {
            service = Service.start(
                    database,
                    new Service.Parts(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            Guard.OPEN,
                            cloud,
                            new AnalyticPredictor(),
                            PACE,
                            instance,
                            Duration.ofMinutes(5)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * An answer.
     *
     * @param status  HTTP status
     * @param body    the body as JSON, null when it is empty
     * @param headers all headers
     */
    record Answer(int status, JsonNode body, java.net.http.HttpHeaders headers) {

        /** What went wrong, of an error in Watcher's form. */
        String fault() {
            return Texts.tree(body.path("error_message").textValue())
                    .path("faultstring")
                    .textValue();
        }

        String text(String member) {
            return body.path(member).asText();
        }
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:%d%s".formatted(service.port(), path));
    }

    Answer call(String method, String path, String body, String version) {
        HttpRequest.BodyPublisher publisher =
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest request = HttpRequest.newBuilder(url(path))
                .timeout(PATIENCE)
                .method(method, publisher)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("OpenStack-API-Version", "infra-optim " + version)
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            String text = response.body();
            return new Answer(response.statusCode(), text.isEmpty() ? null : Texts.tree(text), response.headers());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** An answer that is not JSON. */
    String text(String path) {
        try {
            return http.send(
                            HttpRequest.newBuilder(url(path)).timeout(PATIENCE).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Answer get(String path) {
        return call("GET", path, null, "latest");
    }

    Answer post(String path, String body) {
        return call("POST", path, body, "latest");
    }

    Answer patch(String path, String body) {
        return call("PATCH", path, body, "latest");
    }

    Answer delete(String path) {
        return call("DELETE", path, null, "latest");
    }

    /** Asks until an answer is as wanted; fails with the last one when it does not come to be. */
    JsonNode until(String path, Predicate<JsonNode> wanted) {
        Instant end = Instant.now().plus(PATIENCE);
        JsonNode last = null;
        while (Instant.now().isBefore(end)) {
            last = get(path).body();
            if (wanted.test(last)) {
                return last;
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        throw new AssertionError("%s stays %s".formatted(path, last));
    }

    /** Waits for an object to reach a state. */
    JsonNode untilState(String path, String state) {
        return until(path, body -> state.equals(body.path("state").asText()));
    }

    @Override
    public void close() {
        service.close();
    }
}
