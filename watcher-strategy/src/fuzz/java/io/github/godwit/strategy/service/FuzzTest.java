package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.strategy.cluster.DrawnCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A small part of {@code devstack/fuzz}, on H2. {@code -Dgodwit.fuzz=N} sends N requests, {@code -Dgodwit.seed=N} others. */
@Timeout(300)
class FuzzTest {

    private static final int REQUESTS = Integer.getInteger("godwit.fuzz", 2_000);
    private static final long SEED = Long.getLong("godwit.seed", 11);

    @Test
    void noRequestMakesTheServiceFailOrBreaksAList() throws Exception {
        FakeCloud cloud = new FakeCloud(DrawnCluster.draw("host h1 cores=4\nvm a\nhost h2 cores=4"));
        try (TestService service = new TestService(TestDatabase.memory().open(), cloud, "test");
                FuzzRun run = new FuzzRun(service.url("/").getPort(), SEED)) {
            FuzzRun.Report report = run.run(REQUESTS, REQUESTS / 2, line -> {});
            assertThat(report.broken()).isEmpty();
            assertThat(report.requests()).isEqualTo(REQUESTS);
            assertThat(report.statuses()).containsKeys(200, 201, 202, 204, 400, 404, 405, 406, 409);
        }
    }
}
