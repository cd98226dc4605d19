package io.github.godwit.strategy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doNothing;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.actionplan.ActionHandler;
import io.github.godwit.strategy.actionplan.ActionHandler.Result;
import io.github.godwit.strategy.actionplan.ActionHandlers;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.Cloud.HostService;
import io.github.godwit.strategy.cluster.Cloud.ServerState;
import io.github.godwit.strategy.cluster.MoveObstacle.Kind;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.events.Events;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.objects.ColdMigrateParameters;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.stubbing.OngoingStubbing;

/** Nova is mocked: each poll of the server finds its next state. {@code devstack/openstack} has a real one. */
@Timeout(30)
class ServerActionsTest {

    private static final String ID = "5f0a1c5e-5df0-4f4e-9b4f-0a4b54a0f001";

    private static final ServerState RUNNING = state("h1", "ACTIVE", null);
    private static final ServerState STOPPING = state("h1", "ACTIVE", "powering-off");
    private static final ServerState STOPPED = state("h1", "SHUTOFF", null);
    private static final ServerState LOCKED = new ServerState(ID, "h1", "ACTIVE", null, true);
    private static final ServerState RESIZING = state("h1", "RESIZE", "resize_migrating");
    private static final ServerState TO_VERIFY = state("h2", "VERIFY_RESIZE", null);
    private static final ServerState ARRIVED = state("h2", "SHUTOFF", null);

    private final Cloud cloud = mock();
    private final List<String> notes = new ArrayList<>();
    private final ActionHandlers handlers = ServerActions.addedTo(
            ActionHandlers.of(cloud, new Events(), Clock.systemUTC()), cloud, Duration.ofMillis(1));

    private static ServerState state(String host, String status, String task) {
        return new ServerState(ID, host, status, task, false);
    }

    private void looksFind(ServerState... states) {
        OngoingStubbing<Optional<ServerState>> looks = when(cloud.server(ID));
        for (ServerState state : states) {
            looks = looks.thenReturn(Optional.ofNullable(state));
        }
    }

    private static Action action(String type, ObjectNode input, JsonNode result) {
        return new Action(
                1,
                new UUID(0, 7),
                new UUID(0, 1),
                type,
                ActionState.PENDING,
                List.of(),
                "",
                input,
                null,
                result,
                Instant.EPOCH,
                null);
    }

    private static Action stop() {
        return action("stop", JsonNodeFactory.instance.objectNode().put("resource_id", ID), null);
    }

    private static Action cold(String destination, JsonNode result) {
        return action("migrate", new ColdMigrateParameters(ID, "h1", destination).input("db"), result);
    }

    private Result run(Action action, boolean resumed) throws InterruptedException {
        ActionHandler handler = handlers.find(action.type()).orElseThrow();
        return handler.run(action, resumed, (message, result) -> notes.add(message));
    }

    private Result run(Action action) throws InterruptedException {
        return run(action, false);
    }

    @Test
    void aServerIsStopped() throws InterruptedException {
        looksFind(RUNNING, STOPPING, STOPPING, STOPPED);
        Result result = run(stop());
        assertThat(result.state()).isEqualTo(ActionState.SUCCEEDED);
        assertThat(result.message()).isEqualTo("Server %s is SHUTOFF.".formatted(ID));
        verify(cloud, times(1)).stopServer(ID);
    }

    @Test
    void aServerThatIsStoppedGoneOrLockedIsSkipped() throws InterruptedException {
        looksFind(STOPPED);
        assertThat(run(stop()).message()).isEqualTo("Server %s is SHUTOFF already.".formatted(ID));
        looksFind((ServerState) null);
        assertThat(run(stop()).message()).isEqualTo("Nova no longer has server %s.".formatted(ID));
        looksFind(LOCKED);
        Result locked = run(stop());
        assertThat(locked.state()).isEqualTo(ActionState.SKIPPED);
        assertThat(locked.message()).isEqualTo("Server %s is locked.".formatted(ID));
        verify(cloud, never()).stopServer(any());
    }

    @Test
    void whatNovaIsChangingIsWaitedForBeforeItsTurn() throws InterruptedException {
        looksFind(STOPPING);
        ActionHandler handler = handlers.find("stop").orElseThrow();
        assertThat(handler.obstacle(stop())).get().satisfies(obstacle -> {
            assertThat(obstacle.kind()).isEqualTo(Kind.CHANGING);
            assertThat(obstacle.passes()).isTrue();
        });
        assertThat(run(stop()).state()).isEqualTo(ActionState.PENDING);
        when(cloud.server(ID)).thenThrow(ServiceRefusal.unavailable("Nova does not answer."));
        assertThat(handler.obstacle(stop()))
                .get()
                .satisfies(obstacle -> assertThat(obstacle.kind()).isEqualTo(Kind.BUSY));
    }

    @Test
    void aStopThatNovaRefusesOrThatHasNoEffectFailsWithNovasReason() throws InterruptedException {
        looksFind(RUNNING);
        doThrow(ServiceRefusal.conflict("OpenStack answered 409")).when(cloud).stopServer(ID);
        assertThat(run(stop()).message()).isEqualTo("OpenStack answered 409");

        doNothing().when(cloud).stopServer(ID);
        looksFind(RUNNING, STOPPING, RUNNING);
        when(cloud.failure(ID, "stop")).thenReturn(Optional.of("libvirt is gone"));
        Result failed = run(stop());
        assertThat(failed.state()).isEqualTo(ActionState.FAILED);
        assertThat(failed.message())
                .isEqualTo("Nova did not stop server %s, which is ACTIVE: libvirt is gone".formatted(ID));
    }

    @Test
    void anOrderThatNovaDidNotAnswerIsFollowed() throws InterruptedException {
        when(cloud.server(ID))
                .thenReturn(Optional.of(RUNNING))
                .thenThrow(ServiceRefusal.unavailable("Nova does not answer."))
                .thenReturn(Optional.of(STOPPED));
        doThrow(ServiceRefusal.unavailable("No answer")).when(cloud).stopServer(ID);
        assertThat(run(stop()).state()).isEqualTo(ActionState.SUCCEEDED);
        assertThat(notes).containsExactly("Waiting. Nova does not answer.", null);
    }

    @Test
    void aResumedStopIsNotOrderedAgain() throws InterruptedException {
        looksFind(STOPPING, STOPPING, STOPPED);
        assertThat(run(stop(), true).state()).isEqualTo(ActionState.SUCCEEDED);
        looksFind(STOPPED);
        assertThat(run(stop(), true).state()).isEqualTo(ActionState.SUCCEEDED);
        verify(cloud, never()).stopServer(any());
    }

    @Test
    void aStoppedServerIsMigratedColdAndConfirmedOnce() throws InterruptedException {
        looksFind(STOPPED, RESIZING, TO_VERIFY, TO_VERIFY, ARRIVED);
        Result result = run(cold(null, null));
        assertThat(result.state()).isEqualTo(ActionState.SUCCEEDED);
        assertThat(result.message()).isEqualTo("Server %s is SHUTOFF on h2.".formatted(ID));
        assertThat(result.result().path("destination_node").asText()).isEqualTo("h2");
        verify(cloud).coldMigrate(ID, null);
        verify(cloud, times(1)).confirmMigration(ID);
    }

    @Test
    void aColdMigrationThatFailsSaysWhy() throws InterruptedException {
        looksFind(RUNNING, RESIZING, RUNNING);
        when(cloud.failure(ID, "migrate")).thenReturn(Optional.of("No valid host was found."));
        Result failed = run(cold("h2", null));
        assertThat(failed.state()).isEqualTo(ActionState.FAILED);
        assertThat(failed.message())
                .isEqualTo("Nova did not migrate server %s, which is ACTIVE on h1: No valid host was found."
                        .formatted(ID));
        verify(cloud).coldMigrate(ID, "h2");
    }

    @Test
    void aReasonThatNovaStoresAfterTheServersStateIsWaitedForOnce() throws InterruptedException {
        looksFind(RUNNING, RESIZING, RUNNING);
        when(cloud.failure(ID, "migrate")).thenReturn(Optional.empty()).thenReturn(Optional.of("No SSH."));
        assertThat(run(cold("h2", null)).message()).endsWith("is ACTIVE on h1: No SSH.");
        looksFind(RUNNING, STOPPING, RUNNING);
        when(cloud.failure(ID, "stop")).thenReturn(Optional.empty());
        assertThat(run(stop()).message()).endsWith("is ACTIVE: it reports no reason.");
        verify(cloud, times(2)).failure(ID, "stop");
    }

    @Test
    void aRollbackSendsNothingToAHostThatIsDisabled() {
        when(cloud.hasNova()).thenReturn(true);
        when(cloud.hostService("h2")).thenReturn(new HostService(false, "bad DIMM"));
        looksFind(STOPPED);
        ActionHandler migrate = handlers.find("migrate").orElseThrow();
        ObjectNode input = new ColdMigrateParameters(ID, "h1", "h2").input("db");
        assertThat(migrate.obstacle(action("migrate", input, null))).isEmpty();

        Action back = action("migrate", input.deepCopy().put("rollback_of", "x"), null);
        assertThat(migrate.obstacle(back)).get().satisfies(obstacle -> {
            assertThat(obstacle.passes()).isFalse();
            assertThat(obstacle.reason())
                    .isEqualTo("Host h2 is disabled (\"bad DIMM\"). %s stays on h1.".formatted(ID));
        });
        when(cloud.hostService("h2")).thenThrow(ServiceRefusal.unavailable("Nova does not answer."));
        assertThat(migrate.obstacle(back))
                .get()
                .satisfies(obstacle -> assertThat(obstacle.passes()).isTrue());
    }

    @Test
    void aServerThatIsElsewhereOrInAnotherStatusIsNotMigratedCold() throws InterruptedException {
        looksFind(ARRIVED);
        Result elsewhere = run(cold(null, null));
        assertThat(elsewhere.state()).isEqualTo(ActionState.SKIPPED);
        assertThat(elsewhere.message()).isEqualTo("Server %s is on h2 and not on h1.".formatted(ID));
        looksFind(state("h1", "SUSPENDED", null));
        assertThat(run(cold(null, null)).message())
                .isEqualTo("Server %s on h1 is SUSPENDED and neither ACTIVE nor SHUTOFF.".formatted(ID));
        verify(cloud, never()).coldMigrate(any(), any());
    }

    @Test
    void aResumedColdMigrationGoesOnWhereItIs() throws InterruptedException {
        looksFind(TO_VERIFY, TO_VERIFY, ARRIVED);
        assertThat(run(cold(null, null), true).state()).isEqualTo(ActionState.SUCCEEDED);
        verify(cloud, never()).coldMigrate(any(), any());

        looksFind(STOPPED);
        JsonNode ordered = JsonNodeFactory.instance.objectNode().put("ordered", true);
        assertThat(run(cold(null, ordered), true).state()).isEqualTo(ActionState.FAILED);
        verify(cloud, never()).coldMigrate(any(), any());

        looksFind(STOPPED, STOPPED, RESIZING, TO_VERIFY, ARRIVED);
        assertThat(run(cold(null, null), true).state()).isEqualTo(ActionState.SUCCEEDED);
        verify(cloud, times(1)).coldMigrate(ID, null);
    }

    @Test
    void withoutNovaAColdMigrationIsRefused() throws InterruptedException {
        ActionHandler live = ActionHandlers.of(cloud, new Events(), Clock.systemUTC())
                .find("migrate")
                .orElseThrow();
        Result result = live.run(cold("h2", null), false, ActionHandler.Journal.NONE);
        assertThat(result.state()).isEqualTo(ActionState.FAILED);
        assertThat(result.message()).contains("'cold'", "needs Nova");
    }

    @Test
    void aLiveMigrationIsStillLive() {
        ObjectNode input = JsonNodeFactory.instance
                .objectNode()
                .put("migration_type", "live")
                .put("resource_id", ID)
                .put("source_node", "h1")
                .put("destination_node", "h2")
                .put("technique", "PRE");
        handlers.find("migrate").orElseThrow().obstacle(action("migrate", input, null));
        verify(cloud).obstacle(ID, "h1", "h2");
        verify(cloud, never()).server(any());
    }
}
