package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.common.TextRule;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.service.TestClient.Answer;
import io.github.godwit.strategy.store.Database;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of every kind: the same answers on every database, and no text that one client stores breaks the list of another. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class TextTest {

    private static final String LIMIT = "characters; at most %d are allowed";

    private TestDatabase database;
    private TestService service;

    /** Returns the database of the test; {@code DatabasesIT} runs the tests on other databases too. */
    TestDatabase database() {
        return TestDatabase.memory();
    }

    @BeforeAll
    void start() {
        database = database();
        service = new TestService(database.open(), new FakeCloud(DrawnCluster.draw("host h1 cores=4\nvm a")), "test");
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private static String json(Object value) {
        return Texts.json(value);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String replace(String member, String value) {
        return json(List.of(Map.of("op", "replace", "path", "/" + member, "value", value)));
    }

    private Answer template(String name, String description) {
        return service.post(
                "/v1/audit_templates", json(Map.of("name", name, "goal", "dummy", "description", description)));
    }

    private void refused(Answer answer, int most) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.fault()).contains(LIMIT.formatted(most));
    }

    @Test
    void whatIsTooLongIsRefusedWithItsLimit() {
        String letters = "x".repeat(300);
        String policy = "{\"name\":\"%s\",\"scenario\":\"%s\",\"slos\":[],\"optimize\":{\"TT\":1}}";
        refused(service.post("/v1/audits", json(Map.of("name", letters, "goal", "dummy", "audit_type", "EVENT"))), 63);
        refused(
                service.post(
                        "/v1/audits", json(Map.of("goal", "dummy", "audit_type", "CONTINUOUS", "interval", letters))),
                255);
        refused(template(letters, "d"), 255);
        refused(template("long", letters), 255);
        refused(service.call("PUT", "/godwit/v1/policies/" + letters, policy.formatted(letters, "s"), "latest"), 63);
        refused(service.call("PUT", "/godwit/v1/policies/p", policy.formatted("p", letters), "latest"), 255);
        refused(
                service.call("PUT", "/godwit/v1/technique_rules/project/" + letters, "{\"allow\":[\"PRE\"]}", "latest"),
                255);
        refused(
                service.call(
                        "PUT",
                        "/godwit/v1/traffic_classes/transactional/projects/" + letters,
                        "{\"bounds\":{}}",
                        "latest"),
                255);
        refused(
                service.call(
                        "PUT",
                        "/godwit/v1/switch",
                        json(Map.of("enabled", false, "reason", "x".repeat(1001))),
                        "latest"),
                1000);
        Map<String, Object> many = Map.of(
                "actions", List.of(Map.of("action_type", "nop", "input_parameters", Map.of("m", "x".repeat(70_000)))));
        refused(
                service.post(
                        "/v1/audits",
                        json(Map.of(
                                "goal",
                                "unclassified",
                                "strategy",
                                "actuator",
                                "audit_type",
                                "ONESHOT",
                                "parameters",
                                many))),
                65_536);
        assertThat(service.post("/v1/audits", """
                        {"goal":"unclassified","strategy":"actuator","audit_type":"ONESHOT","parameters":\
                        {"actions":[{"action_type":"%s","input_parameters":{}}]}}""".formatted(letters)).fault()).contains("63 characters");
    }

    @Test
    void whatIsTooLongIsRefusedInAPatchToo() {
        String audit = "/v1/audits/"
                + service.post("/v1/audits", "{\"goal\":\"dummy\",\"audit_type\":\"EVENT\"}")
                        .text("uuid");
        String template = "/v1/audit_templates/" + template("patched", "d").text("uuid");
        String letters = "x".repeat(300);

        refused(service.patch(audit, replace("name", letters)), 63);
        refused(service.patch(audit, replace("interval", letters)), 255);
        refused(service.patch(template, replace("name", letters)), 255);
        refused(service.patch(template, replace("description", letters)), 255);

        assertThat(service.get(template).text("name")).isEqualTo("patched");
    }

    @Test
    void twoAuditsOfATemplateWithALongNameHaveNamesOfTheirOwn() {
        for (String name : List.of("t".repeat(52), "t".repeat(255), "\ud83d\ude80".repeat(60))) {
            template(name, "d");
            String audit = json(Map.of("audit_template_uuid", name, "audit_type", "EVENT"));
            Answer first = service.post("/v1/audits", audit);
            Answer second = service.post("/v1/audits", audit);
            assertThat(List.of(first.status(), second.status())).containsOnly(201);
            assertThat(first.text("name")).isNotEqualTo(second.text("name")).hasSizeLessThanOrEqualTo(63);
            assertThat(service.get("/v1/audits/" + encoded(first.text("name"))).text("uuid"))
                    .isEqualTo(first.text("uuid"));
        }
        everyListCanBeRead();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "\u00e4\u00df\u017c",
                "\u4f60\u597d",
                "\u05d0\u0628",
                "\ud83d\ude80 launch",
                "\ud840\udc00\udbff\udffd",
                "e\u0301",
                "\u00e9",
                "a' OR '1'='1",
                "%s%n {0} ${x}",
                "\ufdd0\uffff"
            })
    void everyCharacterIsKept(String name) {
        Answer made = template(name, name);
        assertThat(made.status()).isEqualTo(201);
        JsonNode found = service.get("/v1/audit_templates/" + encoded(name)).body();
        assertThat(found.path("name").asText()).isEqualTo(name);
        assertThat(found.path("description").asText()).isEqualTo(name);
        assertThat(template(name, "again").status()).isEqualTo(409);
        String parameters = json(Map.of(
                "goal", "dummy", "strategy", "dummy", "audit_type", "EVENT", "parameters", Map.of("para2", name)));
        assertThat(service.post("/v1/audits", parameters)
                        .body()
                        .path("parameters")
                        .path("para2")
                        .asText())
                .isEqualTo(name);
        everyListCanBeRead();
    }

    @Test
    void namesThatDifferInCaseOrAccentsAreDifferent() {
        assertThat(template("Nightly", "d").status()).isEqualTo(201);
        assertThat(template("nightly", "d").status()).isEqualTo(201);
        assertThat(template("nightl\u00fd", "d").status()).isEqualTo(201);
        assertThat(service.get("/v1/audit_templates/NIGHTLY").status()).isEqualTo(404);
        assertThat(service.get("/v1/audit_templates/nightly%20").status()).isEqualTo(404);
        assertThat(service.get("/v1/audit_templates/nightly").text("name")).isEqualTo("nightly");
        String policy = "{\"name\":\"%s\",\"scenario\":\"s\",\"slos\":[],\"optimize\":{\"TT\":1}}";
        for (String name : List.of("Mine", "mine")) {
            assertThat(service.call("PUT", "/godwit/v1/policies/" + name, policy.formatted(name), "latest")
                            .body()
                            .path("version")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void aUuidIsFoundInAnyCase() {
        String uuid = template("by-uuid", "d").text("uuid");
        assertThat(service.get("/v1/audit_templates/" + uuid.toUpperCase(Locale.ROOT))
                        .text("name"))
                .isEqualTo("by-uuid");
        assertThat(service.get("/v1/audit_templates/" + uuid + "%20").status()).isEqualTo(404);
    }

    @Test
    void namesAreSortedByCodePoints() {
        List<String> names = List.of("sort-A", "sort-B", "sort-_", "sort-a", "sort-\u00e4");
        List.of(3, 1, 4, 0, 2).forEach(i -> template(names.get(i), "d"));
        assertThat(service.get("/v1/audit_templates?sort_key=name&limit=1000").body().findValuesAsText("name").stream()
                        .filter(name -> name.startsWith("sort-")))
                .containsExactlyElementsOf(names);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "a\\u0000b", "\\ud83d", "\\ude00\\ud83d"})
    void whatNoDatabaseKeepsIsRefusedEverywhere(String escaped) {
        int before = service.get("/v1/audit_templates")
                .body()
                .path("audit_templates")
                .size();
        for (String body : List.of(
                "{\"name\":\"%s\",\"goal\":\"dummy\"}",
                "{\"name\":\"n\",\"goal\":\"dummy\",\"description\":\"%s\"}",
                "{\"name\":\"n\",\"goal\":\"dummy\",\"strategy\":\"dummy\",\"default_parameters\":{\"para2\":\"%s\"}}",
                "{\"name\":\"n\",\"goal\":\"dummy\",\"%s\":1}")) {
            Answer answer = service.post("/v1/audit_templates", body.formatted(escaped));
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.fault()).as(body).isNotBlank();
        }
        assertThat(service.get("/v1/audit_templates").body().path("audit_templates"))
                .hasSize(before);
        assertThat(service.get("/v1/audit_templates/a%00b").status()).isEqualTo(400);
        assertThat(service.get("/v1/audits?goal=a%00b").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a ", " a", "a\tb", "a\nb", "\u001b[31m", "\u2028"})
    void aNameIsOneLineOfVisibleCharacters(String name) {
        assertThat(template(name, "d").status()).isEqualTo(400);
        assertThat(service.post("/v1/audits", json(Map.of("name", name, "goal", "dummy", "audit_type", "EVENT")))
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+999999999-12-31T23:59:59",
                "10000-01-01 00:00:00",
                "-0001-01-01T00:00:00Z",
                "1969-12-31 23:59:59"
            })
    void aTimeIsOneThatClientsCanRead(String time) {
        String body = json(Map.of("goal", "dummy", "audit_type", "CONTINUOUS", "interval", "60", "end_time", time));
        assertThat(service.post("/v1/audits", body).status()).isEqualTo(400);
    }

    @Test
    void aNumberThatIsTooLargeForANumberIsRefused() {
        assertThat(service.post("/v1/audits", """
                        {"goal":"unclassified","strategy":"actuator","audit_type":"ONESHOT","parameters":\
                        {"actions":[{"action_type":"sleep","input_parameters":{"duration":1e999}}]}}""").fault())
                .contains("/parameters/actions/input_parameters/duration", "too large");
    }

    private void everyListCanBeRead() {
        for (String list :
                List.of("audits/detail", "audit_templates", "action_plans/detail", "actions/detail", "services")) {
            for (int minor = 0; minor <= 7; minor++) {
                assertThat(service.call("GET", "/v1/" + list, null, "1." + minor)
                                .status())
                        .as(list)
                        .isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TextRule.class)
    void theColumnHoldsWhatItsRuleAllows(TextRule rule) throws SQLException {
        if (rule.column() == null) {
            return;
        }
        String[] column = rule.column().split("\\.", -1);
        try (Database opened = database.open();
                Connection connection = opened.dataSource().getConnection();
                ResultSet row = connection
                        .getMetaData()
                        .getColumns(connection.getCatalog(), null, inCase(column[0]), inCase(column[1]))) {
            assertThat(row.next()).as(rule.column()).isTrue();
            assertThat(row.getLong("COLUMN_SIZE")).as(rule.column()).isGreaterThanOrEqualTo(rule.most());
        }
    }

    private String inCase(String name) {
        return database.url().contains("h2") ? name.toUpperCase(Locale.ROOT) : name;
    }
}
