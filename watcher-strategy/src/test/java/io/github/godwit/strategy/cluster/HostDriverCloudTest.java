package io.github.godwit.strategy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.FakeHostDriver;
import io.github.godwit.strategy.cluster.ClusterHost.PeerNic;
import io.github.godwit.strategy.cluster.MoveObstacle.Kind;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HostDriverCloudTest {

    private final FakeHostDriver h1 = new FakeHostDriver("host h1\nvm here");
    private final FakeHostDriver h2 = new FakeHostDriver("host h2\nvm arrived\nvm expected state=inmigrate");
    private final HostDriverCloud cloud = new HostDriverCloud(List.of(h1.client(), h2.client()));

    @AfterEach
    void close() {
        h1.close();
        h2.close();
    }

    private Optional<Kind> obstacle(String vm, String destination) {
        return cloud.obstacle(vm, "h1", destination).map(MoveObstacle::kind);
    }

    @Test
    void aVmThatHasLeftItsSourceIsFound() {
        assertThat(obstacle("here", "h2")).isEmpty();
        assertThat(obstacle("arrived", "h2")).contains(Kind.ARRIVED);
        assertThat(obstacle("arrived", "h3")).contains(Kind.ELSEWHERE);
        assertThat(obstacle("expected", "h2")).as("only prepared there").isEmpty();
        assertThat(obstacle("gone", "h2")).contains(Kind.GONE);
    }

    @Test
    void migrationsThatHaveEndedAreReadWithTheirOutcomesUnlessTheyAreKnown() throws InterruptedException {
        String known = UUID.randomUUID().toString();
        String other = UUID.randomUUID().toString();
        for (String id : List.of(known, other)) {
            h1.client()
                    .migrate(MigrationRequest.of("here", h2.url())
                            .technique(Technique.PRE_COPY)
                            .id(UUID.fromString(id))
                            .build());
        }

        List<MigrationStatus> ended = cloud.endedMigrations(ids -> {
            Set<String> wanted = new HashSet<>(ids);
            wanted.remove(known);
            return wanted;
        });

        assertThat(ended).extracting(MigrationStatus::id).containsExactly(other);
        assertThat(ended.get(0).outcome().measured()).isEqualTo(FakeHostDriver.MEASURED);
        h1.taking(Duration.ofHours(1));
        assertThat(cloud.endedMigrations(ids -> ids))
                .as("they have not ended yet")
                .isEmpty();
        h1.close();
        assertThat(cloud.endedMigrations(ids -> ids))
                .as("a host driver that is down")
                .isEmpty();
    }

    /** Drawn hosts receive migrations at 10.0.0.1. */
    @Test
    void aHostIsAskedForTheNicTowardsAPeer() throws InterruptedException {
        ClusterModel cluster = cloud.read();
        ClusterHost from = cluster.host("h1");
        assertThat(from.uses(cloud.nicTowards(from, cluster.host("h2")).orElseThrow()))
                .as("another than the usual one")
                .isFalse();

        h1.reaching("10.0.0.1", Bandwidth.ofMegabits(2500));

        PeerNic nic = cloud.nicTowards(from, cluster.host("h2")).orElseThrow();
        assertThat(nic).isEqualTo(new PeerNic("to 10.0.0.1", Bandwidth.ofMegabits(2500), Traffic.NONE));
        assertThat(from.by(nic).profile().link()).isEqualTo(Bandwidth.ofMegabits(2500));
        assertThat(from.by(nic).profile().cores()).isEqualTo(from.profile().cores());
        h1.close();
        assertThat(cloud.nicTowards(from, cluster.host("h2"))).isEmpty();
    }

    @Test
    void aVmThatMayBeOnAHostThatDoesNotAnswerIsNotGone() {
        assertThat(obstacle("here", "h2")).isEmpty();
        h2.close();
        assertThat(obstacle("gone", "h2")).isEmpty();
    }
}
