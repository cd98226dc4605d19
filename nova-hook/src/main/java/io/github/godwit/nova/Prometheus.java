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

/** Prometheus' HTTP API, version 1: instant queries. For use by many threads. */
public final class Prometheus {

    private static final int MOST_TOLD = 300;

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http;
    private final URI url;
    private final String token;
    private final Duration timeout;

    /**
     * A client; it asks nothing yet.
     *
     * @param url     base, without {@code /api/v1}, such as {@code http://monitor:9090}
     * @param token   what to send as a bearer token to a proxy that asks for one, or null
     * @param timeout of connecting and of each answer
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
     * The series of a query's vector as they are now.
     *
     * @param promql the query
     * @param label  a label that each series of interest has, with another value each
     * @return by that label's value the series' number; those that are no finite number are left out
     * @throws PrometheusException when it is not answered, or with something that is no vector, or when two series have the same
     *                             value of the label
     */
    public Map<String, Double> query(String promql, String label) throws InterruptedException {
        JsonNode answer = ask(promql);
        if (!"success".equals(answer.path("status").asText())) {
            throw failure(promql, answer.path("error").asText("no reason"), null);
        }
        String type = answer.path("data").path("resultType").asText();
        if (!"vector".equals(type)) {
            throw failure(promql, "it gives a %s, not a vector".formatted(type), null);
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
            response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw failure(promql, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage(), e);
        }
        try {
            return json.readTree(response.body());
        } catch (JsonProcessingException e) {
            // So do a proxy, and a Prometheus that is still starting.
            String told = response.body().lines().findFirst().orElse("");
            throw failure(
                    promql, "status %d, and the answer is not JSON: %s".formatted(response.statusCode(), told), e);
        }
    }

    private PrometheusException failure(String promql, String reason, Throwable cause) {
        return new PrometheusException(
                "Prometheus at %s does not answer '%s': %s".formatted(url, shortened(promql), shortened(reason)),
                cause);
    }

    private static String shortened(String text) {
        return text.length() <= MOST_TOLD ? text : text.substring(0, MOST_TOLD) + " …";
    }
}
