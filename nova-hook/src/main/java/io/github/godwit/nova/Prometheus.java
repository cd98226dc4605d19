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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A client of Prometheus' HTTP API, version 1, for instant queries. Thread-safe. */
public final class Prometheus {

    private static final int MAX_QUOTED_CHARS = 300;
    private static final int FIRST_ERROR = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final String NAME = "__name__";

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http;
    private final PrometheusAccess access;
    private final Duration timeout;

    /**
     * Creates a client. It does not connect before the first query.
     *
     * @param access  where it is, and what authorizes requests
     * @param timeout timeout of connecting and of each response
     */
    public Prometheus(PrometheusAccess access, Duration timeout) {
        this.access = access;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build();
    }

    /**
     * A series in the result of a query.
     *
     * @param labels its labels without the name of the metric
     * @param value  its value; NaN or infinite if Prometheus says so, NaN for a histogram
     */
    public record Sample(Map<String, String> labels, double value) {

        /** Copies the labels. */
        public Sample {
            labels = Map.copyOf(labels);
        }

        @Override
        public String toString() {
            return new TreeMap<>(labels)
                    .entrySet().stream()
                            .map(label -> "%s=\"%s\"".formatted(label.getKey(), label.getValue()))
                            .collect(Collectors.joining(", ", "{", "}"));
        }
    }

    /** Returns the name of what is asked, for messages: Prometheus or Aetos. */
    public String name() {
        return access.name();
    }

    /**
     * Evaluates a query now. A token that is refused is renewed once.
     *
     * @param promql the query, which must return a vector
     * @return its series, in the order of the answer
     * @throws PrometheusException  if Prometheus or Keystone do not answer or report an error, or if the result is not a vector
     * @throws InterruptedException if the thread is interrupted
     */
    public List<Sample> query(String promql) throws InterruptedException {
        PrometheusAccess.Grant grant = grant(promql);
        HttpResponse<String> response = response(grant, promql);
        if (response.statusCode() == UNAUTHORIZED && access.renew(grant)) {
            grant = grant(promql);
            response = response(grant, promql);
        }
        JsonNode answer = answer(response, grant, promql);
        String type = answer.path("data").path("resultType").asText();
        if (!"vector".equals(type)) {
            throw failure(grant.url(), promql, "it returned a %s, not a vector".formatted(type), null);
        }
        List<Sample> samples = new ArrayList<>();
        answer.path("data").path("result").forEach(series -> samples.add(sample(series)));
        return samples;
    }

    private static Sample sample(JsonNode series) {
        Map<String, String> labels = new HashMap<>();
        series.path("metric")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        labels.remove(NAME);
        String value = series.path("value").path(1).asText("NaN");
        return new Sample(labels, Double.parseDouble(value.replace("Inf", "Infinity")));
    }

    private PrometheusAccess.Grant grant(String promql) throws InterruptedException {
        try {
            return access.grant();
        } catch (OpenStackException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException(e.getMessage());
            }
            throw new PrometheusException(
                    "%s cannot be asked '%s': %s".formatted(access.name(), shortened(promql), e.getMessage()), e);
        }
    }

    private HttpResponse<String> response(PrometheusAccess.Grant grant, String promql) throws InterruptedException {
        String url = grant.url().toString().replaceFirst("/+$", "") + "/api/v1/query";
        String query = "query=" + URLEncoder.encode(promql, StandardCharsets.UTF_8);
        HttpRequest.Builder request = access.posts()
                ? HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(query))
                : HttpRequest.newBuilder(URI.create(url + "?" + query));
        request.header("Accept", "application/json");
        if (grant.header() != null) {
            request.header(grant.header(), grant.secret());
        }
        try {
            return response(request.timeout(timeout).build());
        } catch (IOException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw failure(grant.url(), promql, reason, e);
        }
    }

    private JsonNode answer(HttpResponse<String> response, PrometheusAccess.Grant grant, String promql) {
        int status = response.statusCode();
        boolean denied = status == UNAUTHORIZED || status == FORBIDDEN;
        JsonNode answer;
        try {
            answer = json.readTree(response.body());
        } catch (JsonProcessingException e) {
            // Sent by a proxy, or by a Prometheus that is still starting.
            String firstLine = response.body().lines().findFirst().orElse("");
            throw failure(
                    grant.url(),
                    promql,
                    denied(
                            denied,
                            "status %d, and the response is not JSON: %s".formatted(status, shortened(firstLine))),
                    e);
        }
        if (status >= FIRST_ERROR || !"success".equals(answer.path("status").asText())) {
            throw failure(grant.url(), promql, denied(denied, fault(answer, status)), null);
        }
        return answer;
    }

    private String denied(boolean denied, String reason) {
        if (!denied) {
            return reason;
        }
        return "%s %s".formatted(reason.endsWith(".") ? reason : reason + ".", access.denied());
    }

    /** The reason in an error of Prometheus, of Keystone's middleware, or of Aetos. */
    private static String fault(JsonNode answer, int status) {
        return Stream.of(
                        answer.path("error"),
                        answer.path("error").path("message"),
                        answer.path("error_message").path("faultstring"),
                        answer.path("error_message"))
                .filter(JsonNode::isTextual)
                .map(reason -> shortened(reason.textValue()))
                .findFirst()
                .orElse("status %d without a reason".formatted(status));
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

    private PrometheusException failure(URI url, String promql, String reason, Throwable cause) {
        return new PrometheusException(
                "%s at %s does not answer '%s': %s".formatted(access.name(), url, shortened(promql), reason), cause);
    }

    private static String shortened(String text) {
        return text.length() <= MAX_QUOTED_CHARS ? text : text.substring(0, MAX_QUOTED_CHARS) + " …";
    }
}
