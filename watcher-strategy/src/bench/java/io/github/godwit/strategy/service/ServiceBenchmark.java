package io.github.godwit.strategy.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.common.Texts;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Measures audits of a large cloud (1,000 hosts, 10,000 VMs) and lists under load, both with 100,000 stored actions. {@code
 * watcher-strategy/bin/bench} runs it.
 */
public final class ServiceBenchmark {

    private static final int HOSTS = 1_000;
    private static final int VMS_PER_HOST = 10;
    private static final int ACTIONS = 100_000;
    private static final int ACTIONS_PER_PLAN = 20;
    private static final Duration BETWEEN_MOVES = Duration.ofSeconds(10);

    /** The input of a planned migration has several kilobytes, most of them about the techniques that were not chosen. */
    private static final int TECHNIQUES = 13;

    private static final Map<String, Object> ALTERNATIVE = Map.of(
            "technique",
            "PRE",
            "reason",
            "PRE (pre-copy) breaks the SLOs of ensure_performance least: total time 9139 ms against 9139 ms by pre-copy.",
            "predicted",
            Map.of("TT", 9139.0, "DT", 44.34, "TD", 1078.0, "PERF", 0.7443, "CPU", 35.16, "MEM", 0.235));

    private static final int REQUESTS_PER_SECOND = 200;
    private static final Duration MEASURED = Duration.ofSeconds(20);

    private ServiceBenchmark() {}

    /** The stored actions, and those of them that requests name. */
    private record Stored(TestDatabase database, List<String> plans, List<String> actions) {}

    /** Runs all measurements and prints one line for each result. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("godwit-bench");
        try {
            Stored stored = store(directory);
            audits(stored);
            lists(stored);
        } finally {
            for (File file : directory.toFile().listFiles()) {
                Files.delete(file.toPath());
            }
            Files.delete(directory);
        }
        System.exit(0);
    }

    private static FakeCloud cloud() {
        Random random = new Random(1);
        StringBuilder drawing = new StringBuilder();
        for (int h = 0; h < HOSTS; h++) {
            boolean hot = h % 50 == 0;
            double each = (hot ? 2.9 : 0.3 + random.nextDouble()) * 32 / 35;
            drawing.append("host h%d cores=32 memory=262144 cpu=%s used=0.3 out=100\n"
                    .formatted(h, Math.min(1, each * VMS_PER_HOST / 32)));
            for (int v = 0; v < VMS_PER_HOST; v++) {
                drawing.append("vm h%dv%d memory=8192 resident=7800 cores=%s out=10\n".formatted(h, v, each));
            }
        }
        return new FakeCloud(DrawnCluster.draw(drawing.toString()));
    }

    private static void audits(Stored stored) {
        FakeCloud cloud = cloud();
        try (TestService service = new TestService(stored.database().open(), cloud, "bench")) {
            String sampling = "\"samples\":1,\"hot_samples\":1,\"max_moves\":100";
            for (int round = 0; round < 2; round++) {
                audit(service, "workload_balancing", "hotspot_mitigation", sampling);
                audit(service, "server_consolidation", "consolidation", sampling);
                audit(service, "cluster_maintaining", "maintenance", "\"maintenance_node\":\"h1\"");
            }
            Runtime runtime = Runtime.getRuntime();
            System.gc();
            System.out.printf(
                    "heap in use after the audits: %d MiB (limit %d)%n",
                    (runtime.totalMemory() - runtime.freeMemory()) >> 20, runtime.maxMemory() >> 20);
        }
    }

    private static void audit(TestService service, String goal, String strategy, String parameters) {
        long began = System.nanoTime();
        String audit = service.post("/v1/audits", """
                        {"goal":"%s","strategy":"%s","audit_type":"ONESHOT","parameters":{%s}}""".formatted(goal, strategy, parameters))
                .text("uuid");
        JsonNode ended = service.until(
                "/v1/audits/" + audit, body -> body.path("state").asText().matches("SUCCEEDED|FAILED"));
        double seconds = (System.nanoTime() - began) / 1e9;
        String plan = service.get("/v1/action_plans?audit_uuid=" + audit)
                .body()
                .path("action_plans")
                .path(0)
                .path("uuid")
                .asText();
        int actions = service.get("/v1/actions?action_plan_uuid=" + plan)
                .body()
                .path("actions")
                .size();
        System.out.printf(
                "%s over %d hosts, %d VMs: %s in %.2f s, %d actions%n",
                strategy, HOSTS, HOSTS * VMS_PER_HOST, ended.path("state").asText(), seconds, actions);
    }

    private static Stored store(Path directory) {
        TestDatabase database = new TestDatabase("jdbc:h2:file:" + directory.resolve("db"), null, null);
        List<String> plans = new ArrayList<>();
        List<String> actions = new ArrayList<>();
        try (var store = database.open()) {
            store.jdbi().useTransaction(handle -> {
                PreparedBatch batch =
                        handle.prepareBatch("INSERT INTO actions (uuid, plan_uuid, action_type, state, parents,"
                                + " description, input_parameters, created_at, ended_at) VALUES (:uuid, :plan, 'migrate', 'SUCCEEDED',"
                                + " '[]', 'Live-migrate a VM', :parameters, :created, :created)");
                String parameters = Texts.json(Map.of(
                        "resource_id",
                        "vm",
                        "source_node",
                        "a",
                        "destination_node",
                        "b",
                        "alternatives",
                        Collections.nCopies(TECHNIQUES, ALTERNATIVE)));
                for (int i = 0; i < ACTIONS; i++) {
                    if (i % ACTIONS_PER_PLAN == 0) {
                        plans.add(UUID.randomUUID().toString());
                    }
                    String uuid = UUID.randomUUID().toString();
                    actions.add(uuid);
                    batch.bind("uuid", uuid)
                            .bind("plan", plans.get(plans.size() - 1))
                            .bind("parameters", parameters)
                            .bind("created", Clock.systemUTC().millis() - BETWEEN_MOVES.toMillis() * i)
                            .add();
                    if (i % 5000 == 4999) {
                        batch.execute();
                    }
                }
            });
        }
        return new Stored(database, plans, actions);
    }

    private static void lists(Stored stored) throws Exception {
        FakeCloud cloud = new FakeCloud(DrawnCluster.draw("host h1"));
        try (TestService service = new TestService(stored.database().open(), cloud, "bench")) {
            load(service, stored.plans(), stored.actions());
        }
    }

    private static void load(TestService service, List<String> plans, List<String> actions) throws Exception {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        Random random = new Random(2);
        for (boolean counted : new boolean[] {false, true}) {
            ConcurrentLinkedQueue<Double> millis = new ConcurrentLinkedQueue<>();
            List<CompletableFuture<Void>> open = new ArrayList<>();
            Instant end = Instant.now().plus(counted ? MEASURED : Duration.ofSeconds(8));
            long next = System.nanoTime();
            int number = 0;
            while (Instant.now().isBefore(end)) {
                LockSupport.parkNanos(next - System.nanoTime());
                long due = next; // a request that is sent late, because earlier ones delay it, has been due since then
                next += TimeUnit.SECONDS.toNanos(1) / REQUESTS_PER_SECOND;
                String path = switch (number++ % 4) {
                    case 0 -> "/v1/actions/" + actions.get(random.nextInt(actions.size()));
                    case 1 -> "/v1/actions?action_plan_uuid=" + plans.get(random.nextInt(plans.size()));
                    case 2 -> "/v1/actions/detail?limit=20&marker=" + actions.get(random.nextInt(actions.size()));
                    default -> "/v1/actions?limit=50&sort_key=created_at&sort_dir=desc";
                };
                HttpRequest request = HttpRequest.newBuilder(
                                URI.create(service.url(path).toString()))
                        .timeout(Duration.ofSeconds(10))
                        .build();
                open.add(http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                        .thenAccept(response -> {
                            if (response.statusCode() != 200) {
                                throw new IllegalStateException(response.body());
                            }
                            millis.add((System.nanoTime() - due) / 1e6);
                        }));
            }
            CompletableFuture.allOf(open.toArray(CompletableFuture[]::new)).get(1, TimeUnit.MINUTES);
            if (counted) {
                double[] sorted = millis.stream()
                        .mapToDouble(Double::doubleValue)
                        .sorted()
                        .toArray();
                System.out.printf(
                        "%d requests on %d actions at %d/s: median %.1f ms, p99 %.1f ms, longest %.1f ms%n",
                        sorted.length,
                        ACTIONS,
                        REQUESTS_PER_SECOND,
                        sorted[sorted.length / 2],
                        sorted[(int) (sorted.length * 0.99)],
                        Arrays.stream(sorted).max().orElse(0));
            }
        }
    }
}
