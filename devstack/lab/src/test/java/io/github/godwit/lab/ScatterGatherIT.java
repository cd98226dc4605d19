package io.github.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.scatter.Gathering;
import io.github.godwit.hostapi.scatter.ScatterOrder;
import io.github.godwit.lab.driver.HostDriverLaunch;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.guest.GuestWorkload;
import io.github.godwit.lab.guest.GuestWorkload.Pattern;
import io.github.godwit.lab.guest.LabVms;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.net.LabIntermediary;
import io.github.godwit.lab.net.LinkShape;
import io.github.godwit.lab.net.NetworkState;
import io.github.godwit.lab.run.HostVms;
import io.github.godwit.lab.run.LabDown;
import io.github.godwit.lab.run.LabMigration;
import io.github.godwit.lab.run.LabUp;
import io.github.godwit.lab.system.ProcessEnder;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scatter-gather between unmodified QEMUs, over real Redis, to a destination whose link is a third of the source's. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ScatterGatherIT {

    private static final LabName NAME = TestLabs.named('g');
    private static final Duration REMOVED = Duration.ofSeconds(10);
    private static final SystemCommands COMMANDS = new SystemCommands(Duration.ofSeconds(30));
    private static final String VM = "scattered";

    private Lab lab;

    @BeforeAll
    void up() throws InterruptedException {
        new LabDown(NAME, COMMANDS).down();
        lab = new LabUp(NAME, COMMANDS, System.out::println)
                .up(2, 2, LinkShape.of(Bandwidth.parse("600mbit")), 1, null, HostVms.of(Hypervisor.QEMU));
        COMMANDS.run(LinkShape.of(Bandwidth.parse("200mbit"))
                .inbound(NAME, lab.hosts().get(1).name()));
    }

    @AfterEach
    void stop() {
        try {
            new LabVms(lab).stop(VM);
        } catch (LabException e) {
            System.out.println(e.getMessage());
        }
    }

    @AfterAll
    void down() {
        new LabDown(NAME, COMMANDS).down();
    }

    private void boot(Pattern pattern) {
        new LabVms(lab)
                .start(
                        lab.hosts().get(0),
                        VM,
                        MemorySize.parse("256M"),
                        new GuestWorkload(
                                MemorySize.parse("96M"),
                                MemorySize.parse("32M"),
                                MemorySize.parse("16M"),
                                pattern,
                                0.8,
                                64,
                                0.2),
                        false);
    }

    private LabMigration.Result migrate(int copies, Consumer<MigrationEvent> listener) throws InterruptedException {
        return migrate(copies, false, listener);
    }

    private LabMigration.Result migrate(int copies, boolean zstd, Consumer<MigrationEvent> listener)
            throws InterruptedException {
        return new LabMigration(lab)
                .migrate(
                        new LabMigration.Request(
                                VM,
                                lab.hosts().get(1).name(),
                                Technique.SCATTER_GATHER,
                                null,
                                null,
                                Duration.ofSeconds(60),
                                null,
                                new ScatterOrder(null, copies, zstd)),
                        listener);
    }

    /** The destination's host driver removes what it does not need any more when it has reported that. */
    private void nothingIsLeft() throws InterruptedException {
        long deadline = System.nanoTime() + REMOVED.toNanos();
        for (LabIntermediary intermediary : lab.intermediaries()) {
            String keys = keys(intermediary);
            while (!keys.equals("0") && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(100);
                keys = keys(intermediary);
            }
            assertThat(keys).as(intermediary.name()).isEqualTo("0");
        }
    }

    private String keys(LabIntermediary intermediary) {
        return COMMANDS.run(
                        "ip",
                        "netns",
                        "exec",
                        intermediary.namespace(),
                        "redis-cli",
                        "-h",
                        intermediary.address(),
                        "-a",
                        lab.token(),
                        "--no-auth-warning",
                        "dbsize")
                .strip();
    }

    @Order(1)
    @ParameterizedTest(name = "{0}, copies: {1}, zstd: {2}")
    @CsvSource({"RANDOM, 1, false", "SEQ, 2, true"})
    void theSourceIsFreeBeforeTheDestinationHasEverything(Pattern pattern, int copies, boolean zstd) throws Exception {
        boot(pattern);

        LabMigration.Result result = migrate(copies, zstd, event -> {});

        assertThat(result.status().phase())
                .as("%s %s", result.status().error(), result.status().outcome())
                .isEqualTo(Phase.COMPLETED);
        assertThat(result.guestVerified()).as(result.guest()).isTrue();
        Gathering gathering = result.status().outcome().gathering();
        assertThat(gathering.copies()).isEqualTo(copies);
        assertThat((double) gathering.evictionMillis())
                .isLessThan(0.8 * result.status().outcome().measured().get(Metric.TOTAL_TIME));
        nothingIsLeft();
    }

    /** Its QEMU runs on, and the next host driver fetches the rest from the intermediaries. */
    @Order(2)
    @Test
    void aDestinationWhoseHostDriverIsKilledAfterTheSourceIsFreeGathersTheRest() throws Exception {
        boot(Pattern.RANDOM);
        LabHost destination = lab.hosts().get(1);
        AtomicBoolean killed = new AtomicBoolean();

        LabMigration.Result result = migrate(2, event -> {
            if (event.message().startsWith("The source is free") && killed.compareAndSet(false, true)) {
                restart(destination);
            }
        });

        assertThat(killed).isTrue();
        assertThat(result.status().phase()).as(result.status().error()).isEqualTo(Phase.COMPLETED);
        assertThat(result.guestVerified()).as(result.guest()).isTrue();
        nothingIsLeft();
    }

    private void restart(LabHost host) {
        try {
            new HostDriverLaunch(lab, 1).restart(host, COMMANDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nothing is lost: what the intermediary had, the source sends again. The last test, because nobody starts the intermediary again. */
    @Order(3)
    @Test
    void anIntermediaryThatDiesBeforeTheSourceIsFreeLeavesThePagesToTheSource() throws Exception {
        boot(Pattern.RANDOM);
        LabIntermediary dying = lab.intermediaries().get(1);
        AtomicBoolean killed = new AtomicBoolean();

        LabMigration.Result result = migrate(1, event -> {
            if (event.phase() == Phase.POSTCOPY && killed.compareAndSet(false, true)) {
                new ProcessEnder().end(new NetworkState(COMMANDS).processes(dying.namespace()), Duration.ZERO);
            }
        });

        assertThat(result.status().phase()).as(result.status().error()).isEqualTo(Phase.COMPLETED);
        assertThat(result.guestVerified()).as(result.guest()).isTrue();
        assertThat(result.status().outcome().recovery().recovered()).isEqualTo(1);
        assertThat(result.status().outcome().gathering()).isNull();
    }
}
