package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.strategy.FakeHostDriver;
import io.github.godwit.strategy.common.Texts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two instances in separate processes on one MariaDB. In each round one of them is killed during a plan. The plan must still end in
 * the correct state, and every action must have run exactly once. {@code -Dgodwit.rounds=20} runs more rounds than the default.
 */
class KilledInstanceIT {

    private static final int ROUNDS = Integer.getInteger("godwit.rounds", 3);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String PASSWORD_VARIABLE = "GODWIT_TEST_PASSWORD";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    @TempDir
    private Path directory;

    private record Instance(String name, int port, Process process) {}

    @Test
    void everyActionRunsOnceAndThePlanEndsInTheCorrectState() throws Exception {
        Random random = new Random(7);
        try (MariaDb server = new MariaDb(directory);
                FakeHostDriver h1 = new FakeHostDriver("host h1 cores=8 memory=65536\nvm a\nvm b\nvm c\nvm d")
                        .taking(Duration.ofMillis(900))
                        .when("d", FakeHostDriver.Course.FAILS);
                FakeHostDriver h2 = new FakeHostDriver("host h2 cores=8 memory=65536")) {
            TestDatabase database = server.database();
            List<Instance> instances = new ArrayList<>();
            try {
                instances.add(start("one", database, h1, h2));
                instances.add(start("two", database, h1, h2));
                for (int round = 0; round < ROUNDS; round++) {
                    boolean fails = round % 2 == 1;
                    int killed = random.nextInt(2);
                    round(instances, killed, fails, random.nextInt(2500), h1);
                    instances.set(killed, start(instances.get(killed).name(), database, h1, h2));
                }
            } finally {
                for (Instance instance : instances) {
                    instance.process().destroyForcibly().waitFor();
                }
            }
        }
    }

    private void round(List<Instance> instances, int killed, boolean fails, int afterMillis, FakeHostDriver h1)
            throws Exception {
        int before = h1.requests().size();
        Instance survivor = instances.get(1 - killed);
        String plan = startPlan(survivor, fails ? List.of("a", "d", "b", "c") : List.of("a", "b", "c"));
        until(survivor, "/v1/action_plans/" + plan, body -> !"PENDING".equals(state(body)));
        Thread.sleep(afterMillis); // the experiment: the instance is killed at any point of the plan
        instances.get(killed).process().destroyForcibly().waitFor();

        JsonNode ended =
                until(survivor, "/v1/action_plans/" + plan, body -> state(body).matches("SUCCEEDED|FAILED"));

        assertThat(state(ended)).isEqualTo(fails ? "FAILED" : "SUCCEEDED");
        JsonNode actions = call(survivor, "GET", "/v1/actions?action_plan_uuid=" + plan, null)
                .path("actions");
        assertThat(actions.findValuesAsText("state"))
                .containsExactly(
                        fails
                                ? new String[] {"SUCCEEDED", "FAILED", "SUCCEEDED", "SUCCEEDED"}
                                : new String[] {"SUCCEEDED", "SUCCEEDED", "SUCCEEDED"});
        List<UUID> ran = h1.requests().subList(before, h1.requests().size()).stream()
                .map(MigrationRequest::id)
                .toList();
        assertThat(ran).doesNotHaveDuplicates();
        assertThat(new HashSet<>(ran.stream().map(UUID::toString).toList()))
                .isEqualTo(new HashSet<>(actions.findValuesAsText("uuid")));
    }

    private static String state(JsonNode object) {
        return object.path("state").asText();
    }

    /** Moves that do not depend on each other and share their hosts. */
    private String startPlan(Instance instance, List<String> vms) throws Exception {
        List<String> actions = vms.stream().map(vm -> """
                        {"action_type":"migrate","resource_id":"%s","input_parameters":{"migration_type":"live",\
                        "source_node":"h1","destination_node":"h2","technique":"PRE"}}""".formatted(vm)).toList();
        String audit = call(instance, "POST", "/v1/audits", """
                        {"goal":"unclassified","strategy":"actuator","audit_type":"ONESHOT","auto_trigger":true,"force":true,\
                        "parameters":{"independent":true,"actions":[%s]}}""".formatted(String.join(",", actions)))
                .path("uuid")
                .asText();
        JsonNode plans = until(
                instance,
                "/v1/action_plans?audit_uuid=" + audit,
                body -> body.path("action_plans").size() == 1);
        return plans.path("action_plans").get(0).path("uuid").asText();
    }

    private Instance start(String name, TestDatabase database, FakeHostDriver... hostDrivers) throws Exception {
        int port = Daemon.freePort();
        List<String> hosts = new ArrayList<>();
        for (FakeHostDriver hostDriver : hostDrivers) {
            hosts.add("\"" + hostDriver.url() + "\"");
        }
        Path config = Files.writeString(directory.resolve(name + ".yaml"), """
                listen: 127.0.0.1:%d
                auth: {mode: noauth}
                database: {url: "%s", user: "%s", password: {env: %s}}
                hosts: [%s]
                instance: %s
                tasks: {heartbeat_seconds: 1}
                """.formatted(
                        port, database.url(), database.user(), PASSWORD_VARIABLE, String.join(", ", hosts), name));
        Path output = directory.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.github.godwit.strategy.cli.GodwitStrategy",
                        "serve",
                        "--config",
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().put(PASSWORD_VARIABLE, database.password());
        Instance instance = new Instance(name, port, builder.start());
        Instant end = Instant.now().plus(PATIENCE);
        while (true) {
            try {
                call(instance, "GET", "/healthz", null);
                return instance;
            } catch (IOException e) {
                assertThat(instance.process().isAlive() && Instant.now().isBefore(end))
                        .as(Files.readString(output))
                        .isTrue();
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    private JsonNode call(Instance instance, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d%s".formatted(instance.port(), path)))
                .timeout(Duration.ofSeconds(20))
                .header("Accept", "application/json")
                .header("OpenStack-API-Version", "infra-optim latest")
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isLessThan(300);
        return Texts.tree(response.body());
    }

    private JsonNode until(Instance instance, String path, Predicate<JsonNode> wanted) throws Exception {
        Instant end = Instant.now().plus(PATIENCE);
        JsonNode last = null;
        while (Instant.now().isBefore(end)) {
            last = call(instance, "GET", path, null);
            if (wanted.test(last)) {
                return last;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new AssertionError("%s stays %s".formatted(path, last));
    }
}
