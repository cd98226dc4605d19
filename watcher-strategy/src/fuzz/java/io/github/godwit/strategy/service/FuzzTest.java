package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.service.TestClient.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Sends mutated requests to the REST API; whatever the request, the service must not answer with a server error (5xx). The
 * sequence is seeded. {@code -Dgodwit.fuzz=N} sends N requests instead of 4,000.
 */
class FuzzTest {

    private static final int REQUESTS = Integer.getInteger("godwit.fuzz", 4_000);

    private static final List<String> SEEDS = List.of(
            "{\"goal\":\"dummy\",\"strategy\":\"dummy\",\"audit_type\":\"EVENT\",\"parameters\":{\"para1\":4,\"para2\":\"x\"}}",
            "{\"goal\":\"workload_balancing\",\"audit_type\":\"CONTINUOUS\",\"interval\":\"*/5 * * * *\",\"start_time\":\"2030-01-01 00:00:00\"}",
            "{\"name\":\"t\",\"goal\":\"dummy\",\"scope\":[{\"compute\":[{\"exclude\":[{\"instances\":[{\"uuid\":\"a\"}]}]}]}]}",
            "[{\"op\":\"replace\",\"path\":\"/state\",\"value\":\"CANCELLED\"}]",
            "[{\"op\":\"add\",\"path\":\"/parameters/para1\",\"value\":{\"a\":[1,2,null]}},{\"op\":\"remove\",\"path\":\"/interval\"}]",
            "{\"name\":\"gentle\",\"scenario\":\"hotspot\",\"slos\":[{\"metric\":\"DT\",\"threshold\":1,\"weight\":1}],\"optimize\":{\"TT\":1}}",
            "{\"vm\":\"a\",\"destination\":\"h2\",\"policy\":\"save_traffic\"}");

    private static final List<String> PIECES = List.of(
            "null",
            "true",
            "-1",
            "1e999",
            "0",
            "\"\"",
            "{}",
            "[]",
            "\"\\u0000\"",
            "\"../..\"",
            "\"' OR 1=1 --\"",
            "9".repeat(40),
            "\"SUCCEEDED\"",
            "\"/state\"",
            "[[[[[[]]]]]]",
            "\"\ud83d\"",
            "{\"a\":{\"b\":{}}}",
            "\"%s%n\"",
            "\"DELETED\"");

    private static TestService service;

    @BeforeAll
    static void start() {
        FakeCloud cloud = new FakeCloud(DrawnCluster.draw("host h1 cores=4\nvm a\nhost h2 cores=4"));
        service = new TestService(TestDatabase.memory().open(), cloud, "test");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void noRequestMakesTheServiceFail() {
        Random random = new Random(11);
        String audit = service.post("/v1/audits", SEEDS.get(0)).text("uuid");
        String template = service.post("/v1/audit_templates", SEEDS.get(2)).text("uuid");
        List<String> targets = List.of(
                "POST /v1/audits",
                "PATCH /v1/audits/" + audit,
                "POST /v1/audit_templates",
                "PATCH /v1/audit_templates/" + template,
                "PATCH /v1/action_plans/" + audit,
                "PATCH /v1/actions/" + audit,
                "PUT /godwit/v1/policies/gentle",
                "POST /godwit/v1/predictions",
                "POST /v1/webhooks/" + audit);
        for (int i = 0; i < REQUESTS; i++) {
            String[] target = targets.get(random.nextInt(targets.size())).split(" ", 2);
            String body = mutated(SEEDS.get(random.nextInt(SEEDS.size())), random);
            Answer answer = service.call(target[0], target[1], body, "latest");
            assertThat(answer.status())
                    .as("%s %s%n%s", target[0], target[1], body)
                    .isLessThan(500);
            if (answer.status() >= 400) {
                assertThat(answer.fault()).as(body).isNotBlank();
            }
        }
        for (int i = 0; i < REQUESTS / 8; i++) {
            String query = "/v1/audits?%s=%s"
                    .formatted(
                            List.of("marker", "limit", "sort_key", "sort_dir", "goal", "x")
                                    .get(random.nextInt(6)),
                            URLEncoder.encode(
                                    PIECES.get(random.nextInt(PIECES.size())).replace("\ud83d", "?"),
                                    StandardCharsets.UTF_8));
            assertThat(service.get(query).status()).as(query).isLessThan(500);
        }
    }

    /** A body after up to four mutations: a piece inserted, a part deleted, a character changed or a value replaced. */
    private static String mutated(String seed, Random random) {
        StringBuilder body = new StringBuilder(seed);
        int times = random.nextInt(5);
        for (int i = 0; i < times && !body.isEmpty(); i++) {
            int at = random.nextInt(body.length());
            String piece = PIECES.get(random.nextInt(PIECES.size()));
            switch (random.nextInt(4)) {
                case 0 -> body.insert(at, piece);
                case 1 -> body.delete(at, Math.min(body.length(), at + 1 + random.nextInt(8)));
                case 2 -> body.setCharAt(at, (char) (32 + random.nextInt(95)));
                default -> {
                    int colon = body.indexOf(":", at);
                    int end = colon < 0 ? -1 : body.indexOf(",", colon);
                    if (end > 0) {
                        body.replace(colon + 1, end, piece);
                    }
                }
            }
        }
        return body.toString();
    }
}
