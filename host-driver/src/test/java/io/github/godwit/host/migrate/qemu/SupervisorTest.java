package io.github.godwit.host.migrate.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.host.migrate.CostMeter;
import io.github.godwit.host.migrate.MigrationEnd;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.SupervisedRun;
import io.github.godwit.host.qmp.MonitorPace;
import io.github.godwit.host.qmp.Qmp;
import io.github.godwit.host.qmp.QmpEvent;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.model.technique.Technique;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The loop around {@link SupervisionRule}, with a fake QEMU: a real one does none of this on demand. */
class SupervisorTest {

    private static final Duration LIMIT = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofMillis(30);

    private final FakeQemu qemu = new FakeQemu();
    private final FakeRun run = new FakeRun();
    private int connections;

    @Test
    void aMigrationThatQemuDoesNotCancelEndsAsStuck() throws Exception {
        qemu.afterCancel = "cancelling";

        MigrationEnd end = watch();

        assertThat(qemu.asked).containsOnlyOnce("migrate_cancel");
        assertThat(end.stuck()).isTrue();
        assertThat(end.cancelledLate()).isTrue();
        assertThat(end.info().progress().elapsedMillis())
                .as("the figures before the cancellation")
                .isEqualTo(FakeQemu.ELAPSED);
    }

    @Test
    void aMigrationThatQemuCancelsIsNotStuck() throws Exception {
        qemu.afterCancel = "cancelled";

        MigrationEnd end = watch();

        assertThat(end.stuck()).isFalse();
        assertThat(end.cancelledLate()).isTrue();
        assertThat(run.inPostcopy).isFalse();
    }

    @Test
    void postCopyStartsAtItsEventAndKeepsItsFirstDowntime() throws Exception {
        qemu.sendsAtOnce = event("MIGRATION", "active");

        MigrationEnd end = watch(Technique.POST_COPY);

        assertThat(qemu.asked).containsOnlyOnce("migrate-start-postcopy").doesNotContain("migrate_cancel");
        assertThat(run.inPostcopy).isTrue();
        assertThat(end.info().completed()).isTrue();
        assertThat(end.info().downtimeMillis()).isEqualTo(FakeQemu.FIRST_DOWNTIME);
    }

    @Test
    void aLostMonitorIsReconnectedAndTheMigrationFollowedToItsEnd() throws Exception {
        qemu.afterCancel = "cancelled";
        qemu.lost = 3;

        assertThat(watch().info().status()).isEqualTo("cancelled");
        assertThat(connections).isEqualTo(4);
    }

    @Test
    void aMonitorThatIsLostFourTimesIsGivenUp() {
        qemu.lost = 4;

        assertThatThrownBy(() -> watch()).isInstanceOf(IOException.class).hasMessageContaining("lost 4 times");
        assertThat(connections).isEqualTo(4);
    }

    @Test
    void aCommandThatQemuRefusesFailsTheMigration() {
        qemu.sendsAtOnce = event("MIGRATION", "active");
        qemu.refusesPostcopy = true;

        assertThatThrownBy(() -> watch(Technique.POST_COPY))
                .isInstanceOf(QmpException.class)
                .hasMessage("Postcopy is not supported");
    }

    private static QmpEvent event(String name, String status) {
        return new QmpEvent(name, new ObjectMapper().createObjectNode().put("status", status));
    }

    private MigrationEnd watch() throws IOException, InterruptedException {
        return watch(Technique.MULTIFD);
    }

    private MigrationEnd watch(Technique technique) throws IOException, InterruptedException {
        CostMeter cost = new CostMeter(ProcessHandle.current().pid(), 0);
        try (QemuMigration migration = new QemuMigration(this::connect)) {
            return new Supervisor(migration, technique, LIMIT, PATIENCE, run, cost).watch();
        }
    }

    private Qmp connect() {
        connections++;
        return qemu;
    }

    private static final class FakeRun implements SupervisedRun {

        private boolean inPostcopy;

        @Override
        public boolean cancelWanted() {
            return false;
        }

        @Override
        public boolean mayStartPostcopy() {
            return true;
        }

        @Override
        public void inPostcopy() {
            inPostcopy = true;
        }

        @Override
        public void progress(MigrationInfo info) {
            assertThat(info.progress().elapsedMillis()).isPositive();
        }
    }

    private static final class FakeQemu implements Qmp {

        static final long ELAPSED = 12;
        static final long FIRST_DOWNTIME = 7;

        private final List<String> asked = new ArrayList<>();
        private String afterCancel = "cancelling";
        private QmpEvent sendsAtOnce;
        private boolean refusesPostcopy;
        private int lost;
        private int postcopyPolls;
        private Consumer<QmpEvent> listener = event -> {};

        @Override
        public MonitorPace pace() {
            return new MonitorPace();
        }

        @Override
        public JsonNode execute(String command, Map<String, ?> arguments, Duration timeout) throws QmpException {
            asked.add(command);
            return switch (command) {
                case "migrate-start-postcopy" -> startPostcopy();
                case "query-migrate" -> query();
                default -> JsonNodeFactory.instance.objectNode();
            };
        }

        private JsonNode startPostcopy() throws QmpException {
            if (refusesPostcopy) {
                throw new QmpException("Postcopy is not supported", true, null);
            }
            listener.accept(event("MIGRATION", "postcopy-active"));
            listener.accept(event("MIGRATION", "completed"));
            return JsonNodeFactory.instance.objectNode();
        }

        private JsonNode query() throws QmpException {
            if (lost > 0) {
                lost--;
                throw new QmpException("The QEMU monitor did not answer", false, null);
            }
            boolean cancelled = asked.contains("migrate_cancel");
            boolean postcopy = asked.contains("migrate-start-postcopy");
            postcopyPolls += postcopy ? 1 : 0;
            boolean completed = postcopyPolls > 2; // the first two are for progress and for the downtime
            ObjectNode answer = new ObjectMapper()
                    .createObjectNode()
                    .put("status", cancelled ? afterCancel : completed ? "completed" : "active")
                    .put("total-time", cancelled ? 999 : ELAPSED);
            return postcopy ? answer.put("downtime", completed ? 900 : FIRST_DOWNTIME) : answer;
        }

        @Override
        public Subscription subscribe(Consumer<QmpEvent> subscriber) {
            listener = subscriber;
            if (sendsAtOnce != null) {
                listener.accept(sendsAtOnce);
            }
            return () -> {};
        }

        @Override
        public void close() {}
    }
}
