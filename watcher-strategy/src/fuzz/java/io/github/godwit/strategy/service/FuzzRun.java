package io.github.godwit.strategy.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.common.Texts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Sends random requests to a running service, and checks that none makes it fail. After each batch, the service still answers, an object can
 * be made, read and deleted, and every list can be read to its end at every microversion.
 */
final class FuzzRun implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SERVER_ERROR = 500;
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int NEWEST_MINOR = 7;

    /** Older objects are deleted, so that lists stay short enough to be read again and again. */
    private static final int KEPT = 150;

    private static final int PAGE = 250;

    private static final List<String> LISTS = List.of(
            "/v1/goals",
            "/v1/goals/detail",
            "/v1/strategies",
            "/v1/strategies/detail",
            "/v1/scoring_engines/detail",
            "/v1/services/detail",
            "/v1/audit_templates",
            "/v1/audit_templates/detail",
            "/v1/audits",
            "/v1/audits/detail",
            "/v1/action_plans",
            "/v1/action_plans/detail",
            "/v1/actions",
            "/v1/actions/detail",
            "/godwit/v1/policies",
            "/godwit/v1/technique_rules",
            "/godwit/v1/traffic_classes",
            "/godwit/v1/outcomes",
            "/godwit/v1/hosts",
            "/godwit/v1/switch");

    private static final Map<String, String> MADE = Map.of("audits", "audit", "audit_templates", "template");

    /**
     * What a run found.
     *
     * @param requests  random requests that were sent
     * @param statuses  how many answers had each status
     * @param unanswered requests that are not HTTP, after which the server closed the connection
     * @param pages     pages of lists that were read
     * @param seconds   how long it took
     * @param slowestMillis the longest time until an answer
     * @param slowest   the request that took it, as a command
     * @param broken    what broke, with the request as a command, or nothing
     */
    record Report(
            int requests,
            Map<Integer, Integer> statuses,
            int unanswered,
            int pages,
            double seconds,
            long slowestMillis,
            String slowest,
            Optional<Broken> broken) {}

    /**
     * A failure.
     *
     * @param request number of the random request, from 1, or that before a check that failed
     * @param curl    the request
     * @param answer  what the service answered
     */
    record Broken(int request, String curl, String answer) {}

    private static final class BrokenException extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Broken broken;

        BrokenException(Broken broken) {
            super(broken.answer());
            this.broken = broken;
        }
    }

    private final int port;
    private final FuzzRequests requests;
    private final RawClient client;
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private int sent;
    private int unanswered;
    private int pages;
    private long slowestMillis;
    private String slowest = "";

    FuzzRun(int port, long seed) {
        this.port = port;
        this.requests = new FuzzRequests(seed);
        this.client = new RawClient(port, PATIENCE);
    }

    /**
     * Runs.
     *
     * @param most     number of random requests
     * @param batch    requests between two checks
     * @param progress receives a line after each batch
     */
    Report run(int most, int batch, Consumer<String> progress) throws IOException {
        long began = System.nanoTime();
        Optional<Broken> broken = Optional.empty();
        try {
            while (sent < most) {
                for (int i = Math.min(batch, most - sent); i > 0; i--) {
                    sendRandom();
                }
                check();
                progress.accept("%d of %d requests in %.0f s, %d pages of lists, answers %s"
                        .formatted(sent, most, (System.nanoTime() - began) / 1e9, pages, statuses));
            }
        } catch (BrokenException e) {
            broken = Optional.of(e.broken);
        }
        return new Report(
                sent, statuses, unanswered, pages, (System.nanoTime() - began) / 1e9, slowestMillis, slowest, broken);
    }

    private void sendRandom() throws BrokenException {
        FuzzRequest request = requests.next();
        sent++;
        RawClient.Answer answer;
        long began = System.nanoTime();
        try {
            answer = client.send(request);
        } catch (IOException e) {
            if (request.sound()) {
                throw broken(request, "No answer: " + e);
            }
            unanswered++;
            return;
        }
        statuses.merge(answer.status(), 1, Integer::sum);
        long millis = (System.nanoTime() - began) / 1_000_000;
        if (millis > slowestMillis) {
            slowestMillis = millis;
            slowest = request.curl(port);
        }
        if (answer.status() >= SERVER_ERROR) {
            throw broken(request, answer.status() + " " + answer.text());
        }
        if (answer.status() < 300) {
            remember(answer);
        }
    }

    private BrokenException broken(FuzzRequest request, String answer) {
        return new BrokenException(new Broken(sent, request.curl(port), answer));
    }

    /** Takes the objects of an answer for later requests. */
    private void remember(RawClient.Answer answer) {
        if (answer.headers().containsKey("location")) {
            String[] parts = answer.headers().get("location").split("/", -1);
            String kind = MADE.get(parts[parts.length - 2]);
            if (kind != null) {
                requests.made(kind, parts[parts.length - 1]);
            }
        }
        if (answer.text().startsWith("{\"name\":") && answer.text().contains("\"scenario\":")) {
            requests.made("policy", parsed(answer).path("name").asText());
        }
    }

    private static JsonNode parsed(RawClient.Answer answer) {
        try {
            return Texts.mapper().readTree(answer.text());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The answer is no JSON: " + answer.text(), e);
        }
    }

    private static FuzzRequest plain(String method, String target, String version, String body) {
        return new FuzzRequest(
                method,
                target,
                List.of(
                        "OpenStack-API-Version: infra-optim " + version,
                        "Accept: application/json",
                        "Content-Type: application/json"),
                body == null ? null : new String(body.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1),
                true);
    }

    private JsonNode ask(String method, String target, String version, String body, int status) throws BrokenException {
        FuzzRequest request = plain(method, target, version, body);
        RawClient.Answer answer;
        try {
            answer = client.send(request);
        } catch (IOException e) {
            throw broken(request, "No answer: " + e);
        }
        if (answer.status() != status) {
            throw broken(request, "%d %s".formatted(answer.status(), answer.text()));
        }
        try {
            return answer.text().isEmpty() ? null : parsed(answer);
        } catch (IllegalStateException e) {
            throw broken(request, e.getMessage());
        }
    }

    private void check() throws BrokenException {
        ask("PUT", "/godwit/v1/switch", "latest", "{\"enabled\":true}", OK);
        ask("GET", "/healthz", "latest", null, OK);
        ask("GET", "/godwit/v1/trail?sort_dir=desc&limit=" + PAGE, "latest", null, OK);
        String name = "fuzz-check-" + sent;
        ask("POST", "/v1/audit_templates", "latest", "{\"name\":\"%s\",\"goal\":\"dummy\"}".formatted(name), CREATED);
        ask("GET", "/v1/audit_templates/" + name, "latest", null, OK);
        ask("DELETE", "/v1/audit_templates/" + name, "latest", null, 204);
        for (int minor = 0; minor <= NEWEST_MINOR; minor++) {
            for (String list : LISTS) {
                read(list, "1." + minor);
            }
        }
        tidy();
    }

    /** Reads a list to its end. */
    private List<JsonNode> read(String list, String version) throws BrokenException {
        List<JsonNode> items = new ArrayList<>();
        boolean paged = list.startsWith("/v1/") || list.endsWith("outcomes");
        String next = paged ? "%s?limit=%d".formatted(list, PAGE) : list;
        while (next != null) {
            JsonNode page = ask("GET", next, version, null, OK);
            pages++;
            page.path(list.split("/", -1)[2]).forEach(items::add);
            String link = page.path("next").asText("");
            next = link.isEmpty() ? null : link.substring(link.indexOf("/v1/"));
        }
        return items;
    }

    /** Deletes what is old, and what plans and actions show of it. */
    private void tidy() throws BrokenException {
        deleteOld("/v1/audits", "[{\"op\":\"replace\",\"path\":\"/state\",\"value\":\"CANCELLED\"}]");
        deleteOld("/v1/audit_templates", null);
        deleteOld("/v1/action_plans", "[{\"op\":\"replace\",\"path\":\"/state\",\"value\":\"CANCELLED\"}]");
        for (JsonNode policy : read("/godwit/v1/policies", "latest")) {
            if (policy.path("version").asInt() > 0) {
                send(
                        "DELETE",
                        "/godwit/v1/policies/" + encoded(policy.path("name").asText()),
                        null);
            }
        }
        for (JsonNode rule : read("/godwit/v1/technique_rules", "latest")) {
            send(
                    "DELETE",
                    "/godwit/v1/technique_rules/%s/%s"
                            .formatted(
                                    rule.path("scope").asText(),
                                    encoded(rule.path("name").asText())),
                    null);
        }
    }

    private static String encoded(String text) {
        return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private void deleteOld(String list, String cancel) throws BrokenException {
        List<JsonNode> items = read(list, "latest");
        for (JsonNode item : items.subList(0, Math.max(0, items.size() - KEPT))) {
            String path = list + "/" + item.path("uuid").asText();
            if (cancel != null) {
                send("PATCH", path, cancel);
            }
            send("DELETE", path, null);
        }
    }

    private void send(String method, String target, String body) throws BrokenException {
        FuzzRequest request = plain(method, target, "latest", body);
        try {
            RawClient.Answer answer = client.send(request);
            if (answer.status() >= SERVER_ERROR) {
                throw broken(request, "%d %s".formatted(answer.status(), answer.text()));
            }
        } catch (IOException e) {
            throw broken(request, "No answer: " + e);
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
