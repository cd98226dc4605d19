package io.github.godwit.strategy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.nova.Nova;
import io.github.godwit.nova.OpenStackSession;
import io.github.godwit.nova.Placement;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NovaCloudTest {

    private static final UUID ID = UUID.fromString("c4b4e2a6-6a1e-4d0f-a7a4-2f4f2a3c9d10");
    private static final MoveOrder ORDER = new MoveOrder(
            ID, StubNova.SERVER, "h1", "h2", Technique.PRE_COPY, null, null, Duration.ofMinutes(1), null, null);

    private final StubNova nova = new StubNova();
    private final PlayedDriver driver = new PlayedDriver();
    private final NovaCloud cloud;

    NovaCloudTest() {
        OpenStackSession session = nova.session();
        cloud = new NovaCloud(driver, new Nova(session), new Placement(session), Clock.systemUTC());
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

    @Test
    void anOrderThatNovaDoesNotHaveYetWaits() {
        driver.is(Phase.PREPARING);
        assertThat(cloud.findMigration("h1", ID).orElseThrow().phase()).isEqualTo(Phase.PREPARING);
        assertThat(driver.phase).isEqualTo(Phase.PREPARING);
    }

    @Test
    void theTechniqueConstraintOfAServerIsApplied() {
        nova.constrains("!PRE");
        assertThat(available()).doesNotContain(Technique.PRE_COPY).contains(Technique.POST_COPY);
        nova.constrains("POST");
        assertThat(available()).containsExactly(Technique.POST_COPY);
        nova.constrains("WARP");
        assertThat(available()).hasSize(Technique.values().length);
    }

    @Test
    void theMetadataOfAServerNarrowsWhatItsFlavorAllows() {
        nova.flavorConstrains("!POST");
        assertThat(available()).doesNotContain(Technique.POST_COPY).contains(Technique.PRE_COPY);
        nova.constrains("!PRE");
        assertThat(available()).doesNotContain(Technique.POST_COPY, Technique.PRE_COPY);
        nova.constrains("POST");
        assertThat(available()).doesNotContain(Technique.POST_COPY).contains(Technique.PRE_COPY);
        nova.constrains("nova");
        assertThat(available()).isEmpty();
    }

    private Iterable<Technique> available() {
        return cloud.techniques(StubNova.SERVER, "h1", "h2").available();
    }

    /** The host driver of the source: chooses the technique at once; the test sets the phase. */
    private static final class PlayedDriver implements Cloud {

        private volatile Phase phase = Phase.PREPARING;

        void is(Phase now) {
            phase = now;
        }

        private MigrationStatus status() {
            return new MigrationStatus(
                    ID.toString(),
                    StubNova.SERVER,
                    "h1",
                    "h2",
                    Technique.PRE_COPY,
                    null,
                    phase,
                    null,
                    null,
                    null,
                    null);
        }

        @Override
        public MigrationStatus migrate(MoveOrder order) {
            return status();
        }

        @Override
        public Optional<MigrationStatus> findMigration(String source, UUID id) {
            return Optional.of(status());
        }

        @Override
        public MigrationStatus follow(String source, UUID id, Duration atMost, Consumer<MigrationEvent> listener) {
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
        public VmProfile profile(String vm, String source) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ClusterModel read() {
            return new ClusterModel(List.of(), List.of(), List.of());
        }
    }
}
