package io.github.godwit.nova;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A client of Prometheus' HTTP API, version 1, for instant queries. Thread-safe. */
public final class Prometheus {

    private static final int MAX_QUOTED_CHARS = 300;

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http;
    private final URI url;
    private final String token;
    private final Duration timeout;

    /**
     * Creates a client. It does not connect before the first query.
     *
     * @param url     base URL, without {@code /api/v1}, such as {@code http://monitor:9090}
     * @param token   bearer token for a proxy in front of Prometheus, or null
     * @param timeout timeout of connecting and of each response
     */
    public Prometheus(URI url, String token, Duration timeout) {
        this.url = url;
        this.token = token;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build();
    }

    /**
     * Evaluates a query now.
     *
     * @param promql the query, which must return a vector
     * @param label  the label that identifies a series; series without it are ignored
     * @return the values of the series, by the value of the label; values that are not finite are left out
     * @throws PrometheusException  if Prometheus does not answer or reports an error, if the result is not a vector, or if two series
     *                              have the same value of the label
     * @throws InterruptedException if the thread is interrupted
     */
    public Map<String, Double> query(String promql, String label) throws InterruptedException {
        JsonNode answer = ask(promql);
        if (!"success".equals(answer.path("status").asText())) {
            throw failure(promql, answer.path("error").asText("no reason"), null);
        }
        String type = answer.path("data").path("resultType").asText();
        if (!"vector".equals(type)) {
            throw failure(promql, "it returned a %s, not a vector".formatted(type), null);
        }
        Map<String, Double> values = new HashMap<>();
        for (JsonNode series : answer.path("data").path("result")) {
            String name = series.path("metric").path(label).asText("");
            double value = Double.parseDouble(
                    series.path("value").path(1).asText("NaN").replace("Inf", "Infinity"));
            if (!name.isEmpty() && Double.isFinite(value) && values.put(name, value) != null) {
                throw failure(promql, "two series have %s=\"%s\"; sum or average by it".formatted(label, name), null);
            }
        }
        return values;
    }

    private JsonNode ask(String promql) throws InterruptedException {
        String base = url.toString().replaceFirst("/+$", "");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/api/v1/query"))
                .timeout(timeout)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "query=" + URLEncoder.encode(promql, StandardCharsets.UTF_8)));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<String> response;
        try {
            response = response(request.build());
        } catch (IOException e) {
            throw failure(promql, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage(), e);
        }
        try {
            return json.readTree(response.body());
        } catch (JsonProcessingException e) {
            // Sent by a proxy, or by a Prometheus that is still starting.
            String firstLine = response.body().lines().findFirst().orElse("");
            throw failure(
                    promql,
                    "status %d, and the response is not JSON: %s".formatted(response.statusCode(), firstLine),
                    e);
        }
    }

    /** Limits the time until the body is complete; the timeout of a {@link HttpRequest} ends with the headers. */
    private HttpResponse<String> response(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<String>> pending = http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        try {
            return pending.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            pending.cancel(true);
            throw new IOException("no complete answer within %d ms".formatted(timeout.toMillis()), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException(e.getCause());
        }
    }

    private PrometheusException failure(String promql, String reason, Throwable cause) {
        return new PrometheusException(
                "Prometheus at %s does not answer '%s': %s".formatted(url, shortened(promql), shortened(reason)),
                cause);
    }

    private static String shortened(String text) {
        return text.length() <= MAX_QUOTED_CHARS ? text : text.substring(0, MAX_QUOTED_CHARS) + " …";
    }
}
