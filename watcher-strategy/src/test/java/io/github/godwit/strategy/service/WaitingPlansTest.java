package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.strategy.cluster.DrawnCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waits holds no thread that others need. */
@Timeout(120)
class WaitingPlansTest {

    private static final int MANY = Tasks.THREADS + 4;

    private final FakeCloud cloud = new FakeCloud(DrawnCluster.draw("""
                    host h1 cores=64 memory=65536
                    %s
                    host h2 cores=64 memory=65536
                    host h3 cores=64 memory=65536
                      vm other
                    """.formatted(
                            IntStream.range(0, MANY).mapToObj(i -> "vm v" + i).collect(Collectors.joining("\n")))))
            .concurrent(1)
            .holding();

    private static String plan(TestService service, String vm, String from, boolean start) {
        String audit =
                service.post("/v1/audits", """
                        {"audit_type":"ONESHOT","goal":"unclassified","strategy":"actuator","auto_trigger":%s,"force":true,
                         "parameters":{"actions":[{"action_type":"migrate","resource_id":"%s","input_parameters":
                           {"migration_type":"live","source_node":"%s","destination_node":"h2","technique":"PRE"}}]}}""".formatted(start, vm, from)).text("uuid");
        return "/v1/action_plans/"
                + service.until(
                                "/v1/action_plans?audit_uuid=" + audit,
                                body -> body.path("action_plans").size() == 1)
                        .path("action_plans")
                        .get(0)
                        .path("uuid")
                        .asText();
    }

    @Test
    void plansThatWaitForOneHostStopNoOtherPlan() {
        try (TestService service = new TestService(TestDatabase.memory().open(), cloud, "one")) {
            List<String> waiting = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                waiting.add(plan(service, "v" + i, "h1", true));
            }
            waiting.forEach(each -> service.untilState(each, "ONGOING"));

            String other = plan(service, "other", "h3", true);
            service.until(other, body -> cloud.started().stream().anyMatch(order -> "other".equals(order.vm())));
            assertThat(cloud.started()).as("one from each host").hasSize(2);

            cloud.release();
            waiting.forEach(each -> service.untilState(each, "SUCCEEDED"));
            assertThat(cloud.mostAtOnce()).isEqualTo(2);
        }
    }

    @Test
    void auditsThatSampleLeaveThreadsForPlans() {
        cloud.release();
        try (TestService service = new TestService(TestDatabase.memory().open(), cloud, "one")) {
            String plan = plan(service, "other", "h3", false);
            for (int i = 0; i < MANY; i++) {
                service.post("/v1/audits", """
                        {"audit_type":"ONESHOT","goal":"workload_balancing","strategy":"hotspot_mitigation","force":true,
                         "parameters":{"samples":2,"hot_samples":1,"sample_interval":3600}}""");
            }
            service.until(
                    "/v1/audits?limit=1000",
                    body -> body.path("audits").findValuesAsText("state").stream()
                                    .filter("ONGOING"::equals)
                                    .count()
                            >= MANY);

            service.post(plan + "/start", "{}");

            service.untilState(plan, "SUCCEEDED");
            String emptying = service.post("/v1/audits", """
                            {"audit_type":"ONESHOT","goal":"cluster_maintaining","strategy":"maintenance","force":true,
                             "parameters":{"maintenance_node":"h3"}}""").text("uuid");
            service.untilState("/v1/audits/" + emptying, "SUCCEEDED");
        }
    }
}
