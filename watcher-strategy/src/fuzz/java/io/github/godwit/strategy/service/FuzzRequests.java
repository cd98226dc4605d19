package io.github.godwit.strategy.service;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random requests over all routes. The sequence follows from the seed and from what earlier answers contained: of the objects that were
 * made, later requests use the newest ones. Not thread-safe.
 */
final class FuzzRequests {

    private static final int NEWEST = 12;

    /** Routes, each with the body that it expects, if any. What is in braces is the kind of an object, and in bodies any text. */
    private static final List<String> ROUTES = List.of(
            "GET /",
            "GET /v1",
            "GET /ui/godwit.js",
            "GET /healthz",
            "GET /metrics",
            "GET /godwit/v1/openapi.json",
            "GET /v1/goals",
            "GET /v1/goals/detail",
            "GET /v1/goals/{text}",
            "GET /v1/strategies",
            "GET /v1/strategies/{text}",
            "GET /v1/strategies/hotspot_mitigation/state",
            "GET /v1/scoring_engines",
            "GET /v1/scoring_engines/{text}",
            "GET /v1/services",
            "GET /v1/services/{text}",
            "GET /v1/audit_templates",
            "GET /v1/audit_templates/detail",
            "GET /v1/audit_templates/{template}",
            "POST /v1/audit_templates template",
            "POST /v1/audit_templates template",
            "PATCH /v1/audit_templates/{template} patch",
            "DELETE /v1/audit_templates/{template}",
            "GET /v1/audits",
            "GET /v1/audits/detail",
            "GET /v1/audits/{audit}",
            "POST /v1/audits audit",
            "POST /v1/audits audit",
            "POST /v1/audits audit",
            "PATCH /v1/audits/{audit} patch",
            "PATCH /v1/audits/{audit} patch",
            "DELETE /v1/audits/{audit}",
            "POST /v1/webhooks/{audit} webhook",
            "GET /v1/action_plans",
            "GET /v1/action_plans/detail",
            "GET /v1/action_plans/{plan}",
            "POST /v1/action_plans/{plan}/start webhook",
            "PATCH /v1/action_plans/{plan} patch",
            "DELETE /v1/action_plans/{plan}",
            "GET /v1/actions",
            "GET /v1/actions/detail",
            "GET /v1/actions/{action}",
            "PATCH /v1/actions/{action} patch",
            "GET /v1/data_model",
            "GET /godwit/v1/policies",
            "GET /godwit/v1/policies/{policy}",
            "GET /godwit/v1/policies/{policy}/versions",
            "PUT /godwit/v1/policies/{policy} policy",
            "DELETE /godwit/v1/policies/{policy}",
            "GET /godwit/v1/technique_rules",
            "GET /godwit/v1/technique_rules/project/{text}",
            "PUT /godwit/v1/technique_rules/project/{text} rule",
            "PUT /godwit/v1/technique_rules/aggregate/{text} rule",
            "DELETE /godwit/v1/technique_rules/project/{text}",
            "GET /godwit/v1/traffic_classes",
            "GET /godwit/v1/traffic_classes/{class}",
            "PUT /godwit/v1/traffic_classes/{class} class",
            "DELETE /godwit/v1/traffic_classes/{class}",
            "PUT /godwit/v1/traffic_classes/transactional/projects/{text} bounds",
            "DELETE /godwit/v1/traffic_classes/transactional/projects/{text}",
            "GET /godwit/v1/switch",
            "PUT /godwit/v1/switch switch",
            "GET /godwit/v1/hosts",
            "GET /godwit/v1/hosts/{text}",
            "POST /godwit/v1/predictions prediction",
            "POST /godwit/v1/strategies/hotspot_mitigation/solutions solution",
            "POST /godwit/v1/strategies/{text}/solutions solution",
            "PUT /godwit/v1/hosts/h1/migrations/{audit} migration",
            "GET /godwit/v1/hosts/{text}/migrations/{audit}",
            "DELETE /godwit/v1/hosts/h1/migrations/{audit}",
            "GET /godwit/v1/outcomes",
            "GET /godwit/v1/action_plans/{plan}/schedule",
            "GET /godwit/v1/trail",
            "GET /godwit/v1/events",
            "POST /godwit/v1/session session",
            "GET /{text}",
            "POST /v1/{text} audit");

    private static final Map<String, List<String>> BODIES = Map.ofEntries(
            Map.entry(
                    "template",
                    List.of(
                            "{\"name\":{t},\"goal\":\"dummy\",\"description\":{t}}",
                            "{\"name\":{t},\"goal\":\"workload_balancing\",\"strategy\":\"hotspot_mitigation\",\"default_parameters\":{\"samples\":1},"
                                    + "\"scope\":[{\"compute\":[{\"exclude\":[{\"instances\":[{\"uuid\":{t}}]}]}]}]}")),
            Map.entry(
                    "audit",
                    List.of(
                            "{\"name\":{t},\"goal\":\"dummy\",\"strategy\":\"dummy\",\"audit_type\":\"EVENT\",\"parameters\":{\"para1\":4,\"para2\":{t}}}",
                            "{\"goal\":\"dummy\",\"audit_type\":\"ONESHOT\",\"force\":true}",
                            "{\"name\":{t},\"goal\":\"dummy\",\"audit_type\":\"CONTINUOUS\",\"interval\":{t},\"start_time\":\"2030-01-01 00:00:00\",\"end_time\":{t}}",
                            "{\"name\":{t},\"goal\":\"workload_balancing\",\"strategy\":\"hotspot_mitigation\",\"audit_type\":\"CONTINUOUS\","
                                    + "\"interval\":\"3600\",\"parameters\":{\"samples\":1,\"hot_samples\":1}}",
                            "{\"audit_template_uuid\":{template},\"audit_type\":\"ONESHOT\"}",
                            "{\"goal\":\"unclassified\",\"strategy\":\"actuator\",\"audit_type\":\"ONESHOT\",\"force\":true,\"auto_trigger\":true,"
                                    + "\"parameters\":{\"actions\":[{\"action_type\":\"nop\",\"input_parameters\":{\"message\":{t}}}]}}",
                            "{\"goal\":\"unclassified\",\"strategy\":\"actuator\",\"audit_type\":\"ONESHOT\",\"force\":true,"
                                    + "\"parameters\":{\"actions\":[{\"action_type\":{t},\"resource_id\":{t},\"input_parameters\":{{t}:{t}}}]}}",
                            "{\"goal\":\"cluster_maintaining\",\"strategy\":\"maintenance\",\"audit_type\":\"ONESHOT\",\"force\":true,"
                                    + "\"parameters\":{\"maintenance_node\":{t},\"deadline\":{t}}}")),
            Map.entry(
                    "patch",
                    List.of(
                            "[{\"op\":\"replace\",\"path\":\"/state\",\"value\":\"CANCELLED\"}]",
                            "[{\"op\":\"replace\",\"path\":\"/state\",\"value\":\"SUSPENDED\"}]",
                            "[{\"op\":\"replace\",\"path\":\"/state\",\"value\":\"ONGOING\"}]",
                            "[{\"op\":\"replace\",\"path\":\"/state\",\"value\":\"PENDING\"}]",
                            "[{\"op\":\"replace\",\"path\":\"/state\",\"value\":\"SKIPPED\"},{\"op\":\"replace\",\"path\":\"/status_message\",\"value\":{t}}]",
                            "[{\"op\":\"replace\",\"path\":\"/name\",\"value\":{t}}]",
                            "[{\"op\":\"replace\",\"path\":\"/description\",\"value\":{t}}]",
                            "[{\"op\":\"replace\",\"path\":\"/interval\",\"value\":{t}},{\"op\":\"replace\",\"path\":\"/end_time\",\"value\":{t}}]",
                            "[{\"op\":\"add\",\"path\":\"/parameters/para2\",\"value\":{t}},{\"op\":\"remove\",\"path\":\"/interval\"}]",
                            "[{\"op\":\"add\",\"path\":{t},\"value\":{\"a\":[1,2,null]}}]")),
            Map.entry("webhook", List.of("{}", "{\"alarm\":{t}}")),
            Map.entry(
                    "policy",
                    List.of(
                            "{\"name\":{policy},\"scenario\":{t},\"slos\":[{\"metric\":\"DT\",\"threshold\":1,\"weight\":1}],\"optimize\":{\"TT\":1}}",
                            "{\"name\":{policy},\"scenario\":\"hotspot\",\"slos\":[],\"optimize\":{\"TT\":1,{t}:2},\"postcopy\":{t}}")),
            Map.entry("rule", List.of("{\"allow\":[\"PRE\"]}", "{\"forbid\":[\"POST\",{t}]}")),
            Map.entry(
                    "class",
                    List.of(
                            "{\"name\":{class},\"description\":{t},\"origin\":{t},\"traffic\":[\"idle\"],\"bounds\":{\"high\":{\"sla_lower\":\"10mbit\",\"sla_upper\":\"60%\"},"
                                    + "\"medium\":{\"sla_lower\":\"10mbit\",\"sla_upper\":\"60%\"},\"low\":{\"sla_lower\":\"10mbit\",\"sla_upper\":\"60%\"}}}")),
            Map.entry(
                    "bounds",
                    List.of(
                            "{\"bounds\":{\"high\":{\"sla_lower\":\"10mbit\",\"sla_upper\":\"60%\"}}}",
                            "{\"bounds\":{{t}:{t}}}")),
            Map.entry("switch", List.of("{\"enabled\":true}", "{\"enabled\":false,\"reason\":{t}}")),
            Map.entry(
                    "prediction",
                    List.of(
                            "{\"vm\":\"a\",\"destination\":\"h2\",\"policy\":{t}}",
                            "{\"vm\":{t},\"destination\":{t}}")),
            Map.entry(
                    "solution",
                    List.of(
                            "{\"parameters\":{\"samples\":1,\"hot_samples\":1}}",
                            "{\"parameters\":{\"samples\":1,\"policy\":{t},\"destination_policy\":{t}},\"scope\":[{\"compute\":[{{t}:{t}}]}]}",
                            "{\"parameters\":{\"samples\":1,\"priorities\":{{t}:5}}}")),
            Map.entry(
                    "migration",
                    List.of(
                            "{\"migration_type\":\"live\",\"resource_id\":{t},\"source_node\":\"h1\",\"destination_node\":\"h2\",\"technique\":\"PRE\",\"time_limit\":1}",
                            "{\"migration_type\":\"live\",\"resource_id\":\"a\",\"source_node\":\"h1\",\"destination_node\":{t},\"policy\":{t},\"reason\":{t}}")),
            Map.entry("session", List.of("{\"user\":{t},\"password\":{t},\"project\":{t}}")));

    private static final List<String> PIECES = List.of(
            "null",
            "true",
            "-1",
            "1e999",
            "0",
            "\"\"",
            "{}",
            "[]",
            "9".repeat(40),
            "-0.0",
            "[[[[[[]]]]]]",
            "{\"a\":{\"b\":{}}}",
            ",",
            "\"",
            "\\",
            "]",
            "}");

    private static final List<String> METHODS =
            List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "get", "X");

    private final Random random;
    private final Map<String, List<String>> known = new LinkedHashMap<>();

    FuzzRequests(long seed) {
        this.random = new Random(seed);
    }

    /** Remembers an object that later requests use. */
    void made(String kind, String identity) {
        List<String> all = known.computeIfAbsent(kind, each -> new ArrayList<>());
        all.add(identity);
        if (all.size() > NEWEST) {
            all.remove(0);
        }
    }

    FuzzRequest next() {
        String[] route = ROUTES.get(random.nextInt(ROUTES.size())).split(" ", -1);
        String method = random.nextInt(12) == 0 ? METHODS.get(random.nextInt(METHODS.size())) : route[0];
        Map<String, String> texts = new LinkedHashMap<>();
        String target = target(route[1], texts) + query();
        byte[] body = route.length > 2 ? body(BODIES.get(route[2]), texts) : null;
        if (random.nextInt(40) == 0) {
            body = random.nextBoolean() ? null : body(BODIES.get("audit"), texts);
        }
        List<String> headers = headers(body != null);
        boolean sound = headers.stream().noneMatch(FuzzRequests::breaksFraming)
                && METHODS.subList(0, 6).contains(method);
        String sent = body == null ? null : new String(body, StandardCharsets.ISO_8859_1);
        return new FuzzRequest(method, target, headers, sent, sound && isPrintable(target));
    }

    private static boolean isPrintable(String target) {
        return target.chars().allMatch(each -> each > ' ' && each < 0x7f);
    }

    /** The path, with the same texts that the body has. */
    private String target(String path, Map<String, String> texts) {
        StringBuilder target = new StringBuilder(path);
        for (int open = target.indexOf("{"); open >= 0; open = target.indexOf("{", open)) {
            int close = target.indexOf("}", open);
            String kind = target.substring(open + 1, close);
            String value = identity(kind);
            texts.put(kind, value);
            String encoded = encoded(value).replace("{", "%7B");
            target.replace(open, close + 1, encoded);
            open += encoded.length();
        }
        return target.toString();
    }

    private String encoded(String value) {
        String encoded = random.nextInt(20) == 0
                ? latin(value).replaceAll("[\\s?#]", "+")
                : URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
        return random.nextInt(60) == 0
                ? encoded
                        + List.of("%", "%zz", "%ff", "%ED%A0%80", "%00", "%2F", ";a=b", "/", "//", "/..", "?")
                                .get(random.nextInt(11))
                : encoded;
    }

    private static String latin(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private String identity(String kind) {
        List<String> all = known.getOrDefault(kind, List.of());
        return all.isEmpty() || random.nextInt(10) == 0 ? FuzzText.any(random) : all.get(random.nextInt(all.size()));
    }

    private String query() {
        if (random.nextInt(5) != 0) {
            return "";
        }
        List<String> names = List.of(
                "marker",
                "limit",
                "sort_key",
                "sort_dir",
                "goal",
                "strategy",
                "audit_uuid",
                "action_plan_uuid",
                "data_model_type",
                "target",
                "user",
                "since",
                "x");
        String value = switch (random.nextInt(5)) {
            case 0 ->
                List.of("name", "uuid", "goal_uuid", "next_run_time", "created_at", "id", "asc", "desc")
                        .get(random.nextInt(8));
            case 1 -> identity("audit");
            case 2 -> String.valueOf(random.nextInt(2000) - 2);
            default -> FuzzText.any(random);
        };
        return "?%s=%s"
                .formatted(names.get(random.nextInt(names.size())), URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    private byte[] body(List<String> forms, Map<String, String> texts) {
        StringBuilder body = new StringBuilder(forms.get(random.nextInt(forms.size())));
        for (int open = body.indexOf("{t}"); open >= 0; open = body.indexOf("{t}", open)) {
            String text = FuzzText.json(FuzzText.any(random), random);
            body.replace(open, open + 3, text);
            open += text.length();
        }
        for (String kind : List.of("template", "policy", "class")) {
            int open = body.indexOf("{" + kind + "}");
            if (open >= 0) {
                String text = texts.containsKey(kind) ? texts.get(kind) : identity(kind);
                body.replace(open, open + kind.length() + 2, FuzzText.json(text, random));
            }
        }
        for (int times = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0; times > 0 && body.length() > 0; times--) {
            mutate(body);
        }
        byte[] bytes = utf8(body);
        if (random.nextInt(50) == 0 && bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(100) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
    }

    private void mutate(StringBuilder body) {
        int at = random.nextInt(body.length());
        String piece = random.nextBoolean()
                ? PIECES.get(random.nextInt(PIECES.size()))
                : FuzzText.json(FuzzText.any(random), random);
        int colon = body.indexOf(":", at);
        int comma = colon < 0 ? -1 : body.indexOf(",", colon);
        switch (random.nextInt(4)) {
            case 0 -> body.insert(at, piece);
            case 1 -> body.delete(at, Math.min(body.length(), at + 1 + random.nextInt(8)));
            default -> {
                if (comma > 0) {
                    body.replace(colon + 1, comma, piece);
                }
            }
        }
    }

    /** UTF-8, with halves of surrogate pairs as three bytes each. */
    private static byte[] utf8(CharSequence text) {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        text.codePoints().forEach(each -> {
            if (each >= 0xd800 && each <= 0xdfff) {
                bytes.write(0xe0 | (each >> 12));
                bytes.write(0x80 | ((each >> 6) & 0x3f));
                bytes.write(0x80 | (each & 0x3f));
            } else {
                bytes.writeBytes(Character.toString(each).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }

    private List<String> headers(boolean body) {
        List<String> headers = new ArrayList<>();
        headers.add("OpenStack-API-Version: " + version());
        headers.add("Accept: " + (random.nextInt(20) == 0 ? header() : "application/json"));
        if (body) {
            headers.add("Content-Type: " + (random.nextInt(20) == 0 ? header() : "application/json"));
        }
        if (random.nextInt(15) == 0) {
            List<String> names = List.of(
                    "X-Auth-Token",
                    "Host",
                    "Upgrade",
                    "Expect",
                    "Transfer-Encoding",
                    "Content-Encoding",
                    "Accept-Encoding",
                    "Accept-Language",
                    "Accept-Charset",
                    "If-None-Match",
                    "If-Modified-Since",
                    "Range",
                    "Cookie",
                    "X-HTTP-Method-Override",
                    "X-Forwarded-For",
                    "Content-Language",
                    "Forwarded",
                    "Referer",
                    "Date");
            headers.add(names.get(random.nextInt(names.size())) + ": " + header());
        }
        return headers;
    }

    private String version() {
        return switch (random.nextInt(12)) {
            case 0 -> header();
            case 1 -> "compute 2.1, infra-optim 1.%d".formatted(random.nextInt(12));
            case 2 -> "infra-optim " + header();
            case 3, 4 -> "infra-optim 1.%d".formatted(random.nextInt(8));
            default -> "infra-optim latest";
        };
    }

    private String header() {
        List<String> special = List.of(
                "*/*",
                "text/html",
                "text/*;q=x",
                "application/json;charset=utf-99",
                "application/",
                "a/b/c",
                ";",
                "q=",
                "h2c",
                "websocket",
                "100-continue",
                "gzip, deflate",
                "chunked",
                "bytes=0-5",
                "127.0.0.1:99999",
                "[::1]",
                "a b",
                "exa_mple:80",
                "x".repeat(3000));
        String text = random.nextInt(3) == 0 ? FuzzText.any(random) : special.get(random.nextInt(special.size()));
        return latin(text).replace('\r', ' ').replace('\n', ' ');
    }

    /** Whether a header says that the body is sent in another way than it is, or is none. */
    private static boolean breaksFraming(String line) {
        String name = line.substring(0, line.indexOf(':'));
        return List.of("Transfer-Encoding", "Expect", "Upgrade", "Host").contains(name)
                || line.length() > 2000
                || line.chars().anyMatch(each -> each < ' ' || each == 0x7f);
    }
}
