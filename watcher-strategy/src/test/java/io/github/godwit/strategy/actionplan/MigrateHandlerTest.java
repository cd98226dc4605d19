package io.github.godwit.strategy.actionplan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.cluster.MoveObstacle;
import io.github.godwit.strategy.cluster.MoveObstacle.Kind;
import io.github.godwit.strategy.cluster.MoveOrder;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.events.Events;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class MigrateHandlerTest {

    private static final Action MIGRATE = Action.pending(
            new UUID(0, 1),
            "migrate",
            List.of(),
            "",
            Texts.mapper()
                    .valueToTree(Map.of(
                            "migration_type", "live",
                            "resource_id", "a",
                            "source_node", "h1",
                            "destination_node", "h2",
                            "technique", "PRE")),
            Instant.EPOCH);

    private final Calls calls = new Calls();
    private final MigrateHandler handler = new MigrateHandler(calls, new Events());

    @Test
    void aMigrationThatItsHostDriverStopsAnsweringForIsCancelledAsFarAsPossible() throws Exception {
        HostDriverClient dead = HostDriverClient.of(URI.create("http://127.0.0.1:1"), null);
        calls.end = () -> dead.migration(MIGRATE.uuid().toString());

        ActionHandler.Result result = handler.run(MIGRATE, false, ActionHandler.Journal.NONE);

        assertThat(result.state()).isEqualTo(ActionState.FAILED);
        assertThat(result.message()).startsWith("No host driver answers at http://127.0.0.1:1");
        assertThat(calls.names).containsExactly("migrate", "follow", "cancel");
    }

    @Test
    void aCancellationThatComesBeforeTheOrderTakesEffectAfterIt() throws Exception {
        calls.end = () -> status(Phase.CANCELLED);

        assertThat(handler.cancel(MIGRATE)).isEqualTo("The migration cannot be cancelled: There is no such migration.");
        ActionHandler.Result result = handler.run(MIGRATE, false, ActionHandler.Journal.NONE);

        assertThat(result.state()).isEqualTo(ActionState.CANCELLED);
        assertThat(calls.names).containsExactly("cancel", "migrate", "cancel", "follow");
    }

    @Test
    void aMigrationThatTheHostDriverCancelsByItselfIsAFailure() throws Exception {
        calls.end = () -> status(Phase.CANCELLED);

        ActionHandler.Result result = handler.run(MIGRATE, false, ActionHandler.Journal.NONE);

        assertThat(result.state()).isEqualTo(ActionState.FAILED);
        assertThat(result.message()).isEqualTo("The host driver cancelled the migration and gave no reason.");
        assertThat(result.result().path("phase").asText()).isEqualTo("CANCELLED");
    }

    @Test
    void aVmThatIsGoneOrWasMovedByHandIsSkipped() throws Exception {
        for (Kind kind : List.of(Kind.GONE, Kind.ARRIVED, Kind.ELSEWHERE, Kind.UNFIT)) {
            calls.obstacles.add(new MoveObstacle(kind, "It is so."));
            ActionHandler.Result result = handler.run(MIGRATE, false, ActionHandler.Journal.NONE);
            assertThat(result.state()).as(kind.name()).isEqualTo(ActionState.SKIPPED);
            assertThat(result.message()).isEqualTo("It is so.");
        }
        assertThat(calls.names).isEmpty();
    }

    @Test
    void aMigrationWhoseTurnHasNotComeGivesItsPlaceBackInsteadOfWaitingWithIt() throws Exception {
        MoveObstacle busy = new MoveObstacle(Kind.BUSY, "Nova is migrating another server from h1.");
        calls.obstacles.add(busy);
        assertThat(handler.obstacle(MIGRATE)).as("asked before it begins").contains(busy);

        calls.obstacles.add(busy); // which came up between that question and the begin
        ActionHandler.Result result = handler.run(MIGRATE, false, ActionHandler.Journal.NONE);
        assertThat(result.state()).isEqualTo(ActionState.PENDING);
        assertThat(calls.names).isEmpty();
    }

    @Test
    void anOrderThatADeadInstanceDidNotGiveBeginsAgain() throws Exception {
        calls.cluster = DrawnCluster.draw("host h1\nvm a\nhost h2");
        ActionHandler.Result result = handler.run(MIGRATE, true, ActionHandler.Journal.NONE);
        assertThat(result.state()).isEqualTo(ActionState.PENDING);
        assertThat(calls.names).isEmpty();
    }

    @Test
    void theReasonOfADelayIsInTheStatusMessageUntilThePhaseChanges() throws Exception {
        calls.end = () -> status(Phase.COMPLETED);
        calls.events.addAll(List.of(
                event(Phase.PREPARING, null),
                event(Phase.PREPARING, "Nova has queued the migration."),
                event(Phase.PREPARING, null),
                event(Phase.MIGRATING, null),
                event(Phase.MIGRATING, null)));
        List<String> notes = new ArrayList<>();
        handler.run(MIGRATE, false, noting(notes));
        assertThat(notes)
                .as("the time in Nova's queue is no part of the migration")
                .containsExactly("Nova has queued the migration.", "begins", null, "transfers");
    }

    @Test
    void aDelayDuringTheTransferIsPartOfTheMigration() throws Exception {
        calls.end = () -> status(Phase.COMPLETED);
        calls.events.addAll(List.of(event(Phase.MIGRATING, "Nova does not answer."), event(Phase.POSTCOPY, null)));
        List<String> notes = new ArrayList<>();
        handler.run(MIGRATE, false, noting(notes));
        assertThat(notes).containsExactly("Nova does not answer.", "transfers", null);
    }

    private static ActionHandler.Journal noting(List<String> notes) {
        return new ActionHandler.Journal() {
            @Override
            public void note(String message, JsonNode details) {
                notes.add(message);
            }

            @Override
            public void beginsOnlyNow() {
                notes.add("begins");
            }

            @Override
            public void transfers() {
                notes.add("transfers");
            }
        };
    }

    private static MigrationEvent event(Phase phase, String error) {
        return new MigrationEvent(
                Instant.EPOCH,
                phase,
                "",
                new MigrationStatus(
                        MIGRATE.uuid().toString(),
                        "a",
                        "h1",
                        "h2",
                        Technique.PRE_COPY,
                        null,
                        phase,
                        null,
                        error,
                        null,
                        null));
    }

    @Test
    void aMigrationThatNovaStillHasIsFollowedByTheInstanceThatTakesOver() throws Exception {
        calls.obstacles.add(new MoveObstacle(Kind.CHANGING, "Nova is changing it."));
        calls.end = () -> status(Phase.COMPLETED);
        assertThat(handler.run(MIGRATE, true, ActionHandler.Journal.NONE).state())
                .isEqualTo(ActionState.SUCCEEDED);
        assertThat(calls.names).containsExactly("migrate", "follow");
    }

    @Test
    void aFailedMigrationIsNoFailureIfTheVmIsGoneOrHasArrived() throws Exception {
        for (Kind kind : List.of(Kind.GONE, Kind.ARRIVED)) {
            calls.end = () -> {
                calls.obstacles.add(new MoveObstacle(kind, "It is so."));
                return status(Phase.FAILED);
            };
            ActionHandler.Result result = handler.run(MIGRATE, false, ActionHandler.Journal.NONE);
            assertThat(result.state()).isEqualTo(kind == Kind.GONE ? ActionState.SKIPPED : ActionState.SUCCEEDED);
            assertThat(result.message()).startsWith("It is so.");
        }
    }

    @Test
    void whatIsMissingInACompletedMigrationIsInItsMessage() throws Exception {
        calls.end = () -> new MigrationStatus(
                MIGRATE.uuid().toString(),
                "a",
                "h1",
                "h2",
                Technique.PRE_COPY,
                null,
                Phase.COMPLETED,
                null,
                "It was not measured.",
                null,
                null);
        ActionHandler.Result result = handler.run(MIGRATE, false, ActionHandler.Journal.NONE);
        assertThat(result.state()).isEqualTo(ActionState.SUCCEEDED);
        assertThat(result.message()).isEqualTo("It was not measured.");
        assertThat(result.result().hasNonNull("error")).isFalse();
    }

    private static MigrationStatus status(Phase phase) {
        return new MigrationStatus(
                MIGRATE.uuid().toString(), "a", "h1", "h2", Technique.PRE_COPY, null, phase, null, null, null, null);
    }

    /** Records what it is asked for. */
    private static final class Calls implements Cloud {
        private final List<String> names = new ArrayList<>();
        private Supplier<MigrationStatus> end;
        private boolean ordered;
        private ClusterModel cluster;
        private final List<MigrationEvent> events = new ArrayList<>();
        private final Queue<MoveObstacle> obstacles = new ArrayDeque<>();

        @Override
        public Optional<MoveObstacle> obstacle(String vm, String source, String destination) {
            return Optional.ofNullable(obstacles.poll());
        }

        @Override
        public ClusterModel read() {
            return cluster;
        }

        @Override
        public TechniqueAvailability techniques(String vm, String source, String destination) {
            throw new UnsupportedOperationException();
        }

        @Override
        public VmProfile profile(String vm, String source, Duration maxAge) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MigrationStatus migrate(MoveOrder order) {
            names.add("migrate");
            ordered = true;
            return status(Phase.MIGRATING);
        }

        @Override
        public Optional<MigrationStatus> findMigration(String source, UUID id) {
            return Optional.empty();
        }

        @Override
        public MigrationStatus follow(String source, UUID id, Duration atMost, Consumer<MigrationEvent> listener) {
            names.add("follow");
            events.forEach(listener);
            return end.get();
        }

        @Override
        public void cancel(String source, UUID id) {
            names.add("cancel");
            if (!ordered) {
                throw ServiceRefusal.notFound("There is no such migration.");
            }
        }
    }
}
