package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.common.FakeServer;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.nova.Prometheus;
import io.github.godwit.nova.PrometheusAccess;
import io.github.godwit.strategy.FakeHostDriver;
import io.github.godwit.strategy.FakeHostDriver.Course;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterSource;
import io.github.godwit.strategy.cluster.HostDriverCloud;
import io.github.godwit.strategy.cluster.MoveOrder;
import io.github.godwit.strategy.load.DefaultQueries;
import io.github.godwit.strategy.load.InstanceNames;
import io.github.godwit.strategy.load.PrometheusLoad;
import io.github.godwit.strategy.load.PrometheusTerms;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Continuous audits that start their plans, over host drivers whose figures do not change. */
@Timeout(90)
class SettledAuditsTest {

    private static final int AUDITS = 5;

    private static final String AUDIT = """
            {"goal":"workload_balancing","strategy":"hotspot_mitigation","audit_type":"CONTINUOUS","interval":"1",\
            "auto_trigger":true,"parameters":{"samples":1,"hot_samples":1%s}}""";

    private final FakeHostDriver h1 = new FakeHostDriver("""
            host h1 cores=4 memory=8192 cpu=0.95 used=0.4
              vm big memory=2048 resident=1024 cores=1.6
              vm next memory=1024 resident=512 cores=1.2
              vm last memory=1024 resident=512 cores=0.9
            """);
    private final FakeHostDriver h2 = new FakeHostDriver("host h2 cores=4 memory=8192 cpu=0.1 used=0.1");
    private final FakeHostDriver h3 = new FakeHostDriver("host h3 cores=4 memory=8192 cpu=0.1 used=0.1");

    @AfterEach
    void close() {
        h1.close();
        h2.close();
        h3.close();
    }

    private Cloud drivers() {
        return new HostDriverCloud(List.of(h1.client(), h2.client(), h3.client()));
    }

    private List<String> tried() {
        return h1.requests().stream().map(MigrationRequest::vm).toList();
    }

    /** Runs audits until there are so many plans of moves or of none; returns the audit. */
    private static JsonNode run(TestService service, String more) {
        String audit = service.post("/v1/audits", AUDIT.formatted(more)).text("uuid");
        service.until(
                "/v1/action_plans?audit_uuid=" + audit,
                plans -> plans.path("action_plans").size() >= AUDITS);
        return service.get("/v1/audits/" + audit).body();
    }

    /** The largest VM of a hot host can never move: the next one is tried, and the verdict says why. */
    @Test
    void aVmWhoseMoveFailsIsPassedOverAndTheNextOneCoolsTheHost() {
        h1.when("big", Course.FAILS);
        try (TestService service = new TestService(TestDatabase.memory().open(), drivers(), "test")) {
            JsonNode audit = run(service, "");
            assertThat(tried()).containsExactly("big", "next");
            assertThat(audit.path("status_message").asText()).contains("h1 rests until ");
            JsonNode plans = service.get("/v1/action_plans/detail").body();
            assertThat(plans.findValuesAsText("status_message"))
                    .anySatisfy(verdict -> assertThat(verdict)
                            .contains(
                                    "big is passed over until ",
                                    "its last move, to ",
                                    "QEMU says: Connection reset by peer"));
        }
    }

    /** Two hosts, the moves of both of whose VMs fail: the third one goes elsewhere. */
    @Test
    void aHostAtWhichTwoVmsFailedIsPassedOver() {
        h1.when("big", Course.FAILS).when("next", Course.FAILS);
        try (TestService service = new TestService(TestDatabase.memory().open(), drivers(), "test")) {
            run(service, "");
            assertThat(tried()).containsExactly("big", "next", "last");
            List<String> destinations = h1.requests().stream()
                    .map(MigrationRequest::destination)
                    .map(Object::toString)
                    .toList();
            assertThat(destinations.get(0)).isEqualTo(destinations.get(1));
            assertThat(destinations.get(2)).isNotEqualTo(destinations.get(0));
        }
    }

    /** Somebody has moved the largest VM by Nova's API: it rests as if a plan had moved it. */
    @Test
    void aVmThatWasMovedByHandRests() {
        Instant aMinuteAgo = Instant.now().minusSeconds(60);
        FakeCloud cloud = FakeCloud.hot().moved(new Cloud.ServerMove("db", "h2", "h1", false, aMinuteAgo));
        try (TestService service = new TestService(TestDatabase.memory().open(), cloud, "test")) {
            run(service, ",\"host_rest\":0");
            assertThat(cloud.started()).extracting(MoveOrder::vm).isNotEmpty().doesNotContain("db");
            assertThat(service.get("/v1/action_plans/detail").body().findValuesAsText("status_message"))
                    .anySatisfy(verdict -> assertThat(verdict).contains("db rests until ", " after its move from h2"));
        }
    }

    /** Rates over five minutes still show the load that has left. */
    @Test
    void noSecondMoveFollowsFromFiguresThatAreOlderThanTheFirst() {
        try (FakeServer prometheus = prometheus();
                TestService service = new TestService(
                        TestDatabase.memory().open(),
                        new HostDriverCloud(
                                List.of(h1.client(), h2.client(), h3.client()), source -> load(source, prometheus)),
                        "test")) {
            JsonNode audit = run(service, ",\"host_rest\":0,\"vm_rest\":0");
            assertThat(tried()).containsExactly("big");
            assertThat(audit.path("status_message").asText())
                    .contains("h1 rests because big left at ", ": a part of its figures is older");
        }
    }

    /** The same audit by figures of this moment, with all rests switched off, tries again and again. */
    @Test
    void withoutRestsEveryAuditMoves() {
        try (TestService service = new TestService(TestDatabase.memory().open(), drivers(), "test")) {
            run(service, ",\"host_rest\":0,\"vm_rest\":0,\"undo_rest\":0");
            assertThat(tried().size()).isGreaterThan(1);
        }
    }

    private static FakeServer prometheus() {
        return new FakeServer().otherwise(exchange -> {
            String query = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String result =
                    query.contains("node_cpu_seconds_total") ? series("h1", 0.95) + "," + series("h2", 0.1) : "";
            FakeServer.send(
                    exchange,
                    200,
                    "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[%s]}}".formatted(result));
        });
    }

    private static String series(String host, double value) {
        return "{\"metric\":{\"nodename\":\"%s\"},\"value\":[1,\"%s\"]}".formatted(host, value);
    }

    private static PrometheusLoad load(ClusterSource source, FakeServer prometheus) {
        return new PrometheusLoad(
                source,
                new Prometheus(PrometheusAccess.open(prometheus.url()), Duration.ofSeconds(10)),
                PrometheusTerms.of(DefaultQueries.STANDARD),
                InstanceNames.NONE);
    }
}
