package io.github.godwit.host.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.MigrationStatus.Progress;
import io.github.godwit.hostapi.PostcopyRecovery;
import io.github.godwit.model.technique.LinkDrop;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkWatchTest {

    @TempDir
    private Path directory;

    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    private LinkWatch watch(String... nics) {
        return new LinkWatch("compute1", directory, () -> Set.of(nics), () -> now);
    }

    private void count(String nic, int changes) throws IOException {
        Path device = Files.createDirectories(directory.resolve("class/net").resolve(nic));
        Files.writeString(device.resolve("carrier_changes"), changes + "\n");
    }

    private static MigrationStatus ended(Phase phase, String error, boolean sent) {
        return new MigrationStatus(
                "m",
                "vm",
                "compute1",
                "compute2",
                Technique.POST_COPY,
                null,
                phase,
                sent ? new Progress(1, 1, 1, 1, 0, 1) : null,
                error,
                null,
                null);
    }

    @Test
    void aChangeOfTheCarrierCountsFromWhenItIsSeen() throws IOException {
        count("eth0", 2);
        LinkWatch watch = watch("eth0");
        watch.poll();
        assertThat(watch.latest()).as("changes before the start").isEmpty();

        count("eth0", 4);
        watch.poll();
        now = now.plus(Duration.ofMinutes(12));
        watch.poll();

        assertThat(watch.latest()).contains(new LinkDrop("the link of compute1 dropped", Duration.ofMinutes(12)));
    }

    @Test
    void everyNicThatMigrationsLeftByIsWatchedFromThenOn() throws IOException {
        count("eth0", 2);
        count("eth1", 7);
        Set<String> nics = new LinkedHashSet<>(Set.of("eth0"));
        LinkWatch watch = new LinkWatch("compute1", directory, () -> nics, () -> now);
        watch.poll();
        nics.add("eth1"); // a migration to a peer behind another NIC
        watch.poll();
        assertThat(watch.latest()).as("changes before the migration").isEmpty();

        count("eth1", 8);
        watch.poll();

        assertThat(watch.latest()).contains(new LinkDrop("the link of compute1 dropped", Duration.ZERO));
    }

    @Test
    void withoutACounterNothingIsKnown() {
        LinkWatch watch = watch("eth0");
        watch.poll();
        watch.poll();
        assertThat(watch.latest()).isEmpty();
    }

    @Test
    void onlyAMigrationThatLostAConnectionIsABreak() {
        LinkWatch watch = watch();
        watch.ended(ended(Phase.FAILED, "Unable to write to socket: Connection reset by peer", false));
        watch.ended(ended(Phase.CANCELLED, "Broken pipe", true));
        watch.ended(ended(Phase.FAILED, "Unable to write to socket: No space left on device", true));
        watch.ended(ended(Phase.FAILED, null, true));
        watch.ended(ended(Phase.COMPLETED, null, true));
        assertThat(watch.latest()).isEmpty();

        watch.ended(ended(Phase.FAILED, "libvirt ended the migration: Lost connection to destination host", true));

        assertThat(watch.latest())
                .contains(new LinkDrop("a migration from compute1 to compute2 lost its connection", Duration.ZERO));
    }

    @Test
    void aClockThatGoesBackIsNoTimeInTheFuture() {
        LinkWatch watch = watch();
        watch.ended(ended(Phase.FAILED, "Broken pipe", true));
        now = now.minusSeconds(5);
        assertThat(watch.latest()).map(LinkDrop::ago).contains(Duration.ZERO);
    }

    @Test
    void afterAnHourPostCopyIsAvailableAgain() {
        TechniqueAvailability early =
                new LinkDrop("it dropped", Duration.ofMinutes(59)).constraint().of(TechniqueAvailability.all());
        assertThat(early.unavailable())
                .containsOnlyKeys(
                        Technique.POST_COPY,
                        Technique.PRE_POST_COPY,
                        Technique.POST_COPY_PREEMPT,
                        Technique.MULTIFD_POST_COPY,
                        Technique.SCATTER_GATHER)
                .containsValue("is not used now, because it dropped 59 min ago");
        assertThat(new LinkDrop("it dropped", Duration.ofHours(1)).constraint().of(TechniqueAvailability.all()))
                .isEqualTo(TechniqueAvailability.all());
    }

    @Test
    void aMigrationThatWasRecoveredInPostCopyHasLostItsConnectionToo() {
        LinkWatch watch = watch();
        MigrationStatus unbroken = ended(Phase.COMPLETED, null, true);
        watch.ended(unbroken);
        assertThat(watch.latest()).isEmpty();

        watch.ended(new MigrationStatus(
                "m",
                "vm",
                "compute1",
                "compute2",
                Technique.POST_COPY,
                null,
                Phase.COMPLETED,
                unbroken.progress(),
                null,
                null,
                null,
                null,
                new PostcopyRecovery(1, 1, 1, 2_000, "reset"),
                false));

        assertThat(watch.latest())
                .contains(new LinkDrop("a migration from compute1 to compute2 lost its connection", Duration.ZERO));
    }
}
