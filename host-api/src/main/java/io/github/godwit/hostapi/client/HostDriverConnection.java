package io.github.godwit.hostapi.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.hostapi.ApiError;
import io.github.godwit.hostapi.WireJson;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/** Sends JSON requests with the bearer token to one host driver, and turns every failure into a {@link HostDriverException}. */
final class HostDriverConnection {

    private final Supplier<HttpClient> http;
    private final URI url;
    private final String token;
    private final HostDriverTimeouts timeouts;
    private final ObjectMapper json = WireJson.answers();

    HostDriverConnection(Supplier<HttpClient> http, URI url, String token, HostDriverTimeouts timeouts) {
        this.http = http;
        this.url = url;
        this.token = token;
        this.timeouts = timeouts;
    }

    URI url() {
        return url;
    }

    HostDriverTimeouts timeouts() {
        return timeouts;
    }

    /** Sends a request and parses the response; with {@code Void} as the type, the body is ignored and null returned. */
    <T> T call(String method, String path, Object body, Class<T> type, Duration limit) {
        HttpResponse<String> response = await(send(method, path, body), limit);
        requireSuccess(response.statusCode(), response.body());
        return type == Void.class ? null : read(response.body(), type, response.statusCode());
    }

    /** Gets a JSON array, which must not contain null. */
    <T> List<T> list(String path, Class<T[]> type) {
        List<T> elements = Arrays.asList(call("GET", path, null, type, timeouts.answer()));
        if (elements.contains(null)) {
            throw HostDriverException.unreadable(url, 200, "the list contains null", null);
        }
        return List.copyOf(elements);
    }

    /**
     * Opens the server-sent events at a path.
     *
     * @throws HostDriverException  when the host driver does not open the stream
     * @throws InterruptedException when the thread is interrupted
     */
    ServerSentEvents events(String path) throws InterruptedException {
        Map<String, String> headers = token == null ? Map.of() : Map.of("Authorization", "Bearer " + token);
        try {
            return ServerSentEvents.open(http.get(), URI.create(url + path), headers, timeouts.answer());
        } catch (ServerSentEvents.RefusedException e) {
            throw HostDriverException.answered(url, e.statusCode(), error(e.statusCode(), e.body()));
        } catch (IOException e) {
            throw unanswered(e);
        }
    }

    <T> T read(String body, Class<T> type) {
        return read(body, type, 200);
    }

    private void requireSuccess(int statusCode, String body) {
        if (statusCode / 100 != 2) {
            throw HostDriverException.answered(url, statusCode, error(statusCode, body));
        }
    }

    private CompletableFuture<HttpResponse<String>> send(String method, String path, Object body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .method(method, body == null ? BodyPublishers.noBody() : write(body))
                .header("Accept", "application/json");
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.get().sendAsync(request.build(), BodyHandlers.ofString());
    }

    private BodyPublisher write(Object body) {
        try {
            return BodyPublishers.ofString(json.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("A %s cannot be written as JSON.".formatted(body.getClass()), e);
        }
    }

    /** Limits the time until the body is complete; the timeout of a {@link HttpRequest} ends with the headers. */
    private HttpResponse<String> await(CompletableFuture<HttpResponse<String>> pending, Duration limit) {
        try {
            return pending.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw unanswered(e.getCause());
        } catch (TimeoutException e) {
            pending.cancel(true);
            throw HostDriverException.noAnswer(url, "no answer within %d ms".formatted(limit.toMillis()), e);
        } catch (InterruptedException e) {
            pending.cancel(true);
            Thread.currentThread().interrupt();
            throw HostDriverException.noAnswer(url, "interrupted while waiting for its answer", e);
        }
    }

    private <T> T read(String body, Class<T> type, int statusCode) {
        T value;
        try {
            value = json.readValue(body, type);
        } catch (JsonProcessingException e) {
            String what = "expected %s, but %s".formatted(type.getSimpleName(), e.getOriginalMessage());
            throw HostDriverException.unreadable(url, statusCode, what, e);
        }
        if (value == null) {
            throw HostDriverException.unreadable(
                    url, statusCode, "expected %s, but got null".formatted(type.getSimpleName()), null);
        }
        return value;
    }

    private String error(int statusCode, String body) {
        try {
            ApiError error = json.readValue(body, ApiError.class);
            if (error != null && error.error() != null) {
                return error.error();
            }
        } catch (JsonProcessingException e) {
            // Not a host driver's error, for example a proxy's page: its body would not help.
        }
        return switch (statusCode) {
            case 401, 403 -> "it does not accept the token. Use the token that the host driver was started with.";
            case 404 -> "there is nothing at this path.";
            default -> "no reason given.";
        };
    }

    private HostDriverException unanswered(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof SSLException) {
                return HostDriverException.untrusted(url, each.getMessage(), cause);
            }
        }
        if ("https".equals(url.getScheme()) && isClosed(cause)) {
            return HostDriverException.untrusted(
                    url,
                    "it closes the connection, as it does where it does not accept the certificate of a client",
                    cause);
        }
        return HostDriverException.noAnswer(url, reason(cause), cause);
    }

    /** In TLS 1.3 a client may have ended the handshake when the server refuses its certificate. */
    private static boolean isClosed(Throwable cause) {
        return String.valueOf(cause.getMessage()).contains("received no bytes");
    }

    private static String reason(Throwable cause) {
        if (cause.getCause() instanceof UnresolvedAddressException) {
            return "the host name is unknown";
        }
        if (cause instanceof HttpConnectTimeoutException) {
            return "no connection within the timeout";
        }
        if (cause instanceof ConnectException) {
            return "the connection is refused";
        }
        if (isClosed(cause)) {
            return "it closes the connection without an answer, as a port does that speaks HTTPS";
        }
        return cause instanceof IOException && cause.getMessage() != null ? cause.getMessage() : cause.toString();
    }
}
