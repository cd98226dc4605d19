package io.github.godwit.host.migrate.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.godwit.host.migrate.CostMeter;
import io.github.godwit.host.migrate.MigrationEnd;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.SupervisedRun;
import io.github.godwit.host.qmp.MonitorPace;
import io.github.godwit.host.qmp.Qmp;
import io.github.godwit.host.qmp.QmpEvent;
import io.github.godwit.model.technique.Technique;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What no QEMU does on demand. */
class SupervisorTest {

    private static final Duration LIMIT = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofMillis(30);

    private final PlayedQemu qemu = new PlayedQemu();

    @Test
    void aMigrationThatQemuNeverCancelsIsLeftAfterAWhile() throws Exception {
        qemu.afterCancel = "cancelling";

        MigrationEnd end = watch();

        assertThat(qemu.asked).containsOnlyOnce("migrate_cancel");
        assertThat(end.stuck()).isTrue();
        assertThat(end.cancelledLate()).isTrue();
        assertThat(end.info().progress().elapsedMillis())
                .as("what was seen before it was cancelled")
                .isEqualTo(PlayedQemu.ELAPSED);
    }

    @Test
    void oneThatQemuCancelsIsNotStuck() throws Exception {
        qemu.afterCancel = "cancelled";

        MigrationEnd end = watch();

        assertThat(end.stuck()).isFalse();
        assertThat(end.cancelledLate()).isTrue();
    }

    private MigrationEnd watch() throws IOException, InterruptedException {
        CostMeter cost = new CostMeter(ProcessHandle.current().pid(), 0);
        try (QemuMigration migration = new QemuMigration(() -> qemu)) {
            return new Supervisor(migration, Technique.MULTIFD, LIMIT, PATIENCE, new Bystander(), cost).watch();
        }
    }

    private static final class Bystander implements SupervisedRun {
        @Override
        public boolean cancelWanted() {
            return false;
        }

        @Override
        public boolean mayStartPostcopy() {
            return false;
        }

        @Override
        public void inPostcopy() {
            throw new IllegalStateException("Nobody switched.");
        }

        @Override
        public void progress(MigrationInfo info) {
            assertThat(info.completed()).isFalse();
        }
    }

    private static final class PlayedQemu implements Qmp {

        static final long ELAPSED = 12;

        private final List<String> asked = new ArrayList<>();
        private String afterCancel;

        @Override
        public MonitorPace pace() {
            return new MonitorPace();
        }

        @Override
        public JsonNode execute(String command, Map<String, ?> arguments, Duration timeout) {
            asked.add(command);
            if (!command.equals("query-migrate")) {
                return JsonNodeFactory.instance.objectNode();
            }
            boolean cancelled = asked.contains("migrate_cancel");
            return new ObjectMapper()
                    .createObjectNode()
                    .put("status", cancelled ? afterCancel : "active")
                    .put("total-time", cancelled ? 999 : ELAPSED);
        }

        @Override
        public Subscription subscribe(Consumer<QmpEvent> listener) {
            return () -> {};
        }

        @Override
        public void close() {}
    }
}
