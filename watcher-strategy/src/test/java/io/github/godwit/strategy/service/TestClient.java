package io.github.godwit.strategy.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.common.Texts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

/** A client of the service, with one method call per request, and with or without a token. */
abstract class TestClient {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String token;

    TestClient(String token) {
        this.token = token;
    }

    abstract URI url(String path);

    /**
     * An answer.
     *
     * @param status  HTTP status
     * @param body    the body as JSON, null when it is empty
     * @param headers all headers
     */
    record Answer(int status, JsonNode body, HttpHeaders headers) {

        /** Returns the message of an error in Watcher's format. */
        String fault() {
            return Texts.tree(body.path("error_message").textValue())
                    .path("faultstring")
                    .textValue();
        }

        String text(String member) {
            return body.path(member).asText();
        }
    }

    Answer call(String method, String path, String body, String version) {
        HttpRequest.BodyPublisher publisher =
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        HttpResponse<String> response = send(request(path)
                .method(method, publisher)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("OpenStack-API-Version", "infra-optim " + version)
                .build());
        String text = response.body();
        return new Answer(response.statusCode(), text.isEmpty() ? null : Texts.tree(text), response.headers());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url(path)).timeout(PATIENCE);
        return token == null ? request : request.header("X-Auth-Token", token);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Returns the body of an answer that is not JSON. */
    String text(String path) {
        return send(request(path).build()).body();
    }

    /** Returns the status of an answer, which need not be JSON. */
    int status(String path) {
        return send(request(path).build()).statusCode();
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

    /** Repeats a request until the answer meets a condition; fails with the last answer if it does not in time. */
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
}
