package io.github.godwit.strategy.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.nova.Nova;
import io.github.godwit.nova.OpenStackSession;
import io.github.godwit.nova.Placement;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterRules.IdleServer;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.cluster.MoveObstacle;
import io.github.godwit.strategy.cluster.MoveObstacle.Kind;
import io.github.godwit.strategy.cluster.MoveOrder;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NovaMigrationsTest {

    private static final UUID ID = UUID.fromString("c4b4e2a6-6a1e-4d0f-a7a4-2f4f2a3c9d10");
    private static final MoveOrder ORDER = new MoveOrder(
            ID, FakeNova.SERVER, "h1", "h2", Technique.PRE_COPY, null, null, Duration.ofMinutes(1), null, null);

    private static final NovaMigrations.Pace PACE =
            new NovaMigrations.Pace(Duration.ofMillis(20), Duration.ofMillis(200));

    private final FakeNova nova = new FakeNova();
    private final List<MigrationEvent> events = new CopyOnWriteArrayList<>();
    private final FakeDriver driver = new FakeDriver();
    private final NovaCloud cloud;

    NovaMigrationsTest() {
        OpenStackSession session = nova.session();
        cloud = new NovaCloud(driver, new Nova(session), new Placement(session), Clock.systemUTC(), PACE);
    }

    @AfterEach
    void stop() {
        nova.close();
    }

    @Test
    void novaMigratesOnceTheHostDriverHasDecided() throws Exception {
        cloud.migrate(ORDER);
        assertThat(nova.orders())
                .containsExactly("{\"os-migrateLive\":{\"host\":\"h2\",\"block_migration\":\"auto\"}}");
        assertThat(cloud.findMigration("h1", ID).orElseThrow().phase()).isEqualTo(Phase.PREPARING);
        driver.is(Phase.COMPLETED);
        nova.server("ACTIVE", "h2");
        assertThat(cloud.follow("h1", ID, Duration.ofMinutes(1), event -> {}).phase())
                .isEqualTo(Phase.COMPLETED);
    }

    @Test
    void anOrderThatNovaRefusesAtOnceIsCancelled() {
        nova.refuse();
        assertThatThrownBy(() -> cloud.migrate(ORDER))
                .isInstanceOf(ServiceRefusal.class)
                .hasMessageContaining("No valid host.");
        assertThat(driver.phase).isEqualTo(Phase.CANCELLED);
    }

    @Test
    void aPausedServerIsNotMigrated() {
        nova.server("PAUSED", "h1");
        assertThatThrownBy(() -> cloud.migrate(ORDER))
                .isInstanceOf(ServiceRefusal.class)
                .hasMessageContaining("is PAUSED");
        assertThat(nova.orders()).isEmpty();
        assertThat(driver.phase).isEqualTo(Phase.CANCELLED);
    }

    @Test
    void anOrderThatNovaRejectsLaterIsCancelled() throws Exception {
        cloud.migrate(ORDER);
        nova.server("ACTIVE", "h1");
        assertThat(cloud.follow("h1", ID, Duration.ofMinutes(1), event -> {}).phase())
                .isEqualTo(Phase.CANCELLED);
    }

    @Test
    void anOrderThatNovaRejectsLaterIsReportedAsCancelled() {
        cloud.migrate(ORDER);
        nova.server("ACTIVE", "h1");
        assertThat(cloud.findMigration("h1", ID).orElseThrow().phase()).isEqualTo(Phase.CANCELLED);
    }

    private MigrationStatus follow() throws InterruptedException {
        return cloud.follow("h1", ID, Duration.ofMinutes(1), events::add);
    }

    /** Follows on another thread, until the test has changed what Nova reports. */
    private CompletableFuture<MigrationStatus> following() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return follow();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void awaitNews(String text) throws InterruptedException {
        while (events.stream().noneMatch(event -> event.message().contains(text))) {
            Thread.sleep(10);
        }
    }

    @Test
    void aMigrationInNovasQueueIsWaitedForEvenIfTheHostDriverGivesUp() throws Exception {
        cloud.migrate(ORDER);
        nova.records("queued");
        driver.fails(Phase.CANCELLED, "nova-compute did not ask within 120 s");
        assertThat(cloud.findMigration("h1", ID).orElseThrow().phase()).isEqualTo(Phase.PREPARING);
        CompletableFuture<MigrationStatus> end = following();
        awaitNews("(queued), although its host driver reports: nova-compute did not ask");
        nova.records("running");
        awaitNews("(running)");
        assertThat(cloud.findMigration("h1", ID).orElseThrow().phase()).isEqualTo(Phase.MIGRATING);
        assertThat(end).isNotDone();
        nova.records("completed");
        nova.server("ACTIVE", "h2");
        assertThat(end.get().phase()).isEqualTo(Phase.COMPLETED);
        assertThat(end.get().error())
                .isEqualTo("Nova has migrated the server to h2. Its host driver did not measure the migration: "
                        + "nova-compute did not ask within 120 s");
        assertThat(cloud.findMigration("h1", ID)).contains(end.get());
    }

    @Test
    void novaDecidesWhereTheServerIs() throws Exception {
        cloud.migrate(ORDER);
        driver.is(Phase.COMPLETED);
        nova.records("error");
        nova.server("ACTIVE", "h1");
        assertThat(follow().phase()).isEqualTo(Phase.FAILED);
        assertThat(follow().error())
                .isEqualTo("libvirt has migrated server %s to h2, but according to Nova it is ACTIVE on h1."
                        .formatted(FakeNova.SERVER));
    }

    @Test
    void novasOwnReasonIsReported() throws Exception {
        cloud.migrate(ORDER);
        nova.fails("No valid host was found. There are not enough hosts available.");
        nova.records("error");
        nova.server("ACTIVE", "h1");
        assertThat(follow().error())
                .isEqualTo(
                        "Nova did not migrate server %s to h2: No valid host was found. There are not enough hosts available."
                                        .formatted(FakeNova.SERVER)
                                + " It is ACTIVE on h1.");
        assertThat(driver.phase).isEqualTo(Phase.CANCELLED);
    }

    @Test
    void aServerThatBreaksOnTheDestinationHasNotArrived() throws Exception {
        cloud.migrate(ORDER);
        driver.fails(Phase.FAILED, "libvirt ended the migration: operation failed");
        nova.records("error");
        nova.server("ERROR", "h2");
        assertThat(follow().phase()).isEqualTo(Phase.FAILED);
        assertThat(follow().error()).contains("operation failed");
    }

    @Test
    void aMigrationThatExceedsItsTimeLimitIsAbortedInNova() throws Exception {
        cloud.migrate(order(Duration.ofMillis(50)));
        driver.is(Phase.MIGRATING);
        nova.records("running");
        MigrationStatus end = follow();
        assertThat(end.phase()).isEqualTo(Phase.CANCELLED);
        assertThat(end.error()).startsWith("The migration exceeded its time limit");
        assertThat(nova.aborted()).containsExactly("/migrations/7");
    }

    @Test
    void theTimeLimitDoesNotRunInNovasQueue() throws Exception {
        cloud.migrate(order(Duration.ofMillis(1)));
        nova.records("queued");
        CompletableFuture<MigrationStatus> end = following();
        awaitNews("queued");
        nova.awaitPolls(6);
        assertThat(nova.aborted()).isEmpty();
        nova.server("ACTIVE", "h2");
        assertThat(end.get().phase()).isEqualTo(Phase.COMPLETED);
    }

    @Test
    void inPostCopyAMigrationIsWaitedForBeyondItsTimeLimit() throws Exception {
        cloud.migrate(order(Duration.ofMillis(1)));
        driver.is(Phase.POSTCOPY);
        nova.records("running (post-copy)");
        CompletableFuture<MigrationStatus> end = following();
        awaitNews("It is in post-copy and cannot be aborted.");
        assertThatThrownBy(() -> cloud.cancel("h1", ID)).hasMessageContaining("post-copy");
        nova.records("completed");
        nova.server("ACTIVE", "h2");
        driver.is(Phase.COMPLETED);
        assertThat(end.get().phase()).isEqualTo(Phase.COMPLETED);
        assertThat(end.get().error()).contains("exceeded its time limit", "post-copy");
        assertThat(nova.aborted()).isEmpty();
    }

    @Test
    void aCancelledMigrationIsRemovedFromNovasQueue() throws Exception {
        cloud.migrate(ORDER);
        nova.records("queued");
        cloud.cancel("h1", ID);
        assertThat(nova.aborted()).containsExactly("/migrations/7");
        assertThat(follow().phase()).isEqualTo(Phase.CANCELLED);
        assertThat(driver.phase).isEqualTo(Phase.CANCELLED);
    }

    @Test
    void aCancellationBeforeNovaHasARecordTakesEffectLater() throws Exception {
        cloud.migrate(ORDER);
        nova.records("accepted");
        cloud.cancel("h1", ID);
        assertThat(nova.aborted()).isEmpty();
        nova.records("preparing");
        assertThat(follow().phase()).isEqualTo(Phase.CANCELLED);
        assertThat(nova.aborted()).containsExactly("/migrations/7");
    }

    @Test
    void aMigrationWhoseHostDriverIsLostIsFollowedInNova() throws Exception {
        cloud.migrate(ORDER);
        driver.lose();
        nova.records("running");
        CompletableFuture<MigrationStatus> end = following();
        nova.awaitPolls(6);
        assertThat(end).isNotDone();
        nova.server("ACTIVE", "h2");
        assertThat(end.get().phase()).isEqualTo(Phase.COMPLETED);
        assertThat(end.get().error()).contains("did not measure the migration: No host driver answers at");
    }

    @Test
    void aMigrationHasNotEndedWhileNovaDoesNotAnswer() throws Exception {
        cloud.migrate(ORDER);
        driver.is(Phase.COMPLETED);
        nova.server("ACTIVE", "h2");
        nova.stopAnswering(true);
        CompletableFuture<MigrationStatus> end = following();
        awaitNews("Nova does not answer.");
        assertThat(cloud.findMigration("h1", ID).orElseThrow().phase()).isEqualTo(Phase.MIGRATING);
        assertThat(end).isNotDone();
        nova.stopAnswering(false);
        assertThat(end.get().phase()).isEqualTo(Phase.COMPLETED);
    }

    @Test
    void aRequestThatNovaAcceptedWithoutAnAnswerIsFollowed() throws Exception {
        nova.failAfterAccepting();
        cloud.migrate(ORDER);
        driver.is(Phase.COMPLETED);
        nova.server("ACTIVE", "h2");
        assertThat(follow().phase()).isEqualTo(Phase.COMPLETED);
    }

    @Test
    void anotherInstanceFollowsAMigrationThatNovaHas() throws Exception {
        nova.server("MIGRATING", "h1");
        nova.records("running");
        driver.is(Phase.MIGRATING);
        cloud.migrate(ORDER);
        assertThat(nova.orders()).isEmpty();
        driver.is(Phase.COMPLETED);
        CompletableFuture<MigrationStatus> end = following();
        awaitNews("Nova still has the server migrating (running).");
        nova.server("ACTIVE", "h2");
        assertThat(end.get().phase()).isEqualTo(Phase.COMPLETED);
        assertThat(end.get().error()).isNull();
    }

    @Test
    void aServerThatIsDeletedDuringItsMigrationEndsIt() throws Exception {
        cloud.migrate(ORDER);
        nova.delete();
        assertThat(follow().error()).isEqualTo("Nova no longer has server %s.".formatted(FakeNova.SERVER));
    }

    @Test
    void aServerThatIsNotOnItsSourceOrCannotMoveAnyMoreNeedsNoMigration() {
        assertThat(obstacle()).isEmpty();
        nova.server("SHUTOFF", "h1");
        assertThat(obstacle()).map(MoveObstacle::kind).contains(Kind.UNFIT);
        nova.server("ACTIVE", "h2");
        assertThat(obstacle())
                .contains(new MoveObstacle(Kind.ARRIVED, "Server %s is on h2 already.".formatted(FakeNova.SERVER)));
        nova.server("ACTIVE", "h3");
        assertThat(obstacle())
                .contains(new MoveObstacle(
                        Kind.ELSEWHERE, "Server %s is on h3 and no longer on h1.".formatted(FakeNova.SERVER)));
        nova.server("ACTIVE", "h1");
        nova.lock();
        assertThat(obstacle()).map(MoveObstacle::reason).get().asString().endsWith("on h1 is locked.");
        nova.changes("resize_prep");
        assertThat(obstacle()).map(MoveObstacle::kind).contains(Kind.CHANGING);
        nova.delete();
        assertThat(obstacle()).map(MoveObstacle::kind).contains(Kind.GONE);
    }

    @Test
    void aSnapshotContainsNovasZonesAndTheServersThatDoNotRun() throws Exception {
        driver.cluster = DrawnCluster.draw("host h1\nvm %s\nhost h2".formatted(FakeNova.SERVER));
        ClusterModel cluster = cloud.read();
        assertThat(cluster.rules().idle()).containsExactly(new IdleServer(FakeNova.OTHER, "web", "h2", "SHUTOFF"));
        assertThat(cluster.isEmpty("h2")).isFalse();
        assertThat(cluster.movable(cluster.vm(FakeNova.SERVER))).isTrue();
        assertThat(cluster.rules().zoneObstacle(FakeNova.SERVER, "h2")).isPresent();
    }

    @Test
    void noMoveBeginsOnAHostWhereNovaStillMigrates() {
        nova.other("MIGRATING", "running");
        assertThat(obstacle()).map(MoveObstacle::kind).contains(Kind.BUSY);
        assertThat(obstacle()).map(MoveObstacle::reason).get().asString().contains(FakeNova.OTHER, "(running)");
        nova.other("ACTIVE", "running"); // a record that a dead nova-compute left behind
        assertThat(obstacle()).isEmpty();
    }

    @Test
    void ownMigrationsOnAHostAreNoObstacles() {
        nova.other("MIGRATING", "running");
        cloud.useOwnMigrations(() -> Set.of(FakeNova.OTHER));
        assertThat(obstacle()).isEmpty();
    }

    @Test
    void novasDefaultIsOneMigrationAtATime() {
        assertThat(cloud.concurrentMigrations("h1")).hasValue(1);
    }

    private Optional<MoveObstacle> obstacle() {
        return cloud.obstacle(FakeNova.SERVER, "h1", "h2");
    }

    private static MoveOrder order(Duration limit) {
        return new MoveOrder(ID, FakeNova.SERVER, "h1", "h2", Technique.PRE_COPY, null, null, limit, null, null);
    }

    @Test
    void anOrderThatNovaDoesNotHaveYetWaits() {
        driver.is(Phase.PREPARING);
        assertThat(cloud.findMigration("h1", ID).orElseThrow().phase()).isEqualTo(Phase.PREPARING);
        assertThat(driver.phase).isEqualTo(Phase.PREPARING);
    }

    /** The host driver of the source: chooses the technique at once; the test sets the phase. */
    private static final class FakeDriver implements Cloud {

        private volatile Phase phase = Phase.PREPARING;
        private volatile String error;
        private volatile boolean lost;
        private volatile ClusterModel cluster = new ClusterModel(List.of(), List.of(), List.of());

        void fails(Phase now, String reason) {
            error = reason;
            phase = now;
        }

        void is(Phase now) {
            phase = now;
        }

        /** Makes it not answer any more. */
        void lose() {
            lost = true;
        }

        private void checkThere() {
            if (lost) {
                HostDriverClient.of(URI.create("http://127.0.0.1:1"), null).migration(ID.toString());
            }
        }

        private MigrationStatus status() {
            return new MigrationStatus(
                    ID.toString(),
                    FakeNova.SERVER,
                    "h1",
                    "h2",
                    Technique.PRE_COPY,
                    null,
                    phase,
                    null,
                    error,
                    null,
                    null);
        }

        @Override
        public MigrationStatus migrate(MoveOrder order) {
            return status();
        }

        @Override
        public Optional<MigrationStatus> findMigration(String source, UUID id) {
            checkThere();
            return Optional.of(status());
        }

        @Override
        public MigrationStatus follow(String source, UUID id, Duration atMost, Consumer<MigrationEvent> listener) {
            checkThere();
            return status();
        }

        @Override
        public void cancel(String source, UUID id) {
            phase = Phase.CANCELLED;
        }

        @Override
        public TechniqueAvailability techniques(String vm, String source, String destination) {
            return TechniqueAvailability.all();
        }

        @Override
        public VmProfile profile(String vm, String source, Duration maxAge) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ClusterModel read() {
            return cluster;
        }
    }
}
