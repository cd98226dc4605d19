package io.github.godwit.hostapi.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.common.FakeServer;
import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MigrationFollowerTest {

    private static final String STATUS = "GET /v1/migrations/7";
    private static final String EVENTS = STATUS + "/events";
    private static final Duration LONG = Duration.ofSeconds(20);

    private final FakeServer hostDriver = new FakeServer();
    private final HostDriverClient client = HostDriverClient.of(
            hostDriver.url(),
            null,
            new HostDriverTimeouts(
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofMillis(300),
                    Duration.ofSeconds(1)));
    private final List<Phase> phases = new ArrayList<>();

    @AfterEach
    void close() {
        hostDriver.close();
    }

    @Test
    void passesOnEveryEventUntilTheFinalOne() throws Exception {
        hostDriver.when(EVENTS, exchange -> {
            FakeServer.stream(exchange, ": hello\n\n" + event(Phase.PREPARING) + event(Phase.MIGRATING));
            FakeServer.stream(exchange, event(Phase.POSTCOPY) + event(Phase.COMPLETED));
        });
        MigrationStatus end = follow(LONG);
        assertThat(end.phase()).isEqualTo(Phase.COMPLETED);
        assertThat(phases).containsExactly(Phase.PREPARING, Phase.MIGRATING, Phase.POSTCOPY, Phase.COMPLETED);
    }

    @Test
    void anEventMayArriveInPiecesAndOnSeveralLines() throws Exception {
        String text = event(Phase.FAILED).replace(",\"message\"", "\ndata: ,\"message\"");
        hostDriver.when(EVENTS, exchange -> {
            FakeServer.stream(exchange, "id: 1\nevent: migration\n" + text.substring(0, 30));
            FakeServer.stream(exchange, text.substring(30));
        });
        assertThat(follow(LONG).phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void opensTheStreamAgainWhenItBreaks() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        hostDriver.when(
                EVENTS,
                exchange -> FakeServer.stream(
                        exchange, opened.incrementAndGet() == 1 ? event(Phase.MIGRATING) : event(Phase.CANCELLED)));
        hostDriver.when(STATUS, 200, status(Phase.MIGRATING));
        assertThat(follow(LONG).phase()).isEqualTo(Phase.CANCELLED);
        assertThat(phases).containsExactly(Phase.MIGRATING, Phase.MIGRATING, Phase.CANCELLED);
    }

    @Test
    void pollsTheStatusWhenTheStreamFallsSilent() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        hostDriver.when(EVENTS, exchange -> {
            FakeServer.stream(exchange, event(Phase.MIGRATING));
            hang(never);
        });
        hostDriver.when(STATUS, 200, status(Phase.COMPLETED));
        assertThat(follow(LONG).phase()).isEqualTo(Phase.COMPLETED);
    }

    @Test
    void pollsTheStatusIfThereAreNoEventsOrInvalidOnes() throws Exception {
        hostDriver.when(STATUS, 200, status(Phase.COMPLETED));
        assertThat(follow(LONG).phase()).isEqualTo(Phase.COMPLETED);
        hostDriver.when(EVENTS, exchange -> FakeServer.stream(exchange, "data: {rubbish\n\n"));
        assertThat(follow(LONG).phase()).isEqualTo(Phase.COMPLETED);
    }

    @Test
    void failsIfTheHostDriverDoesNotAnswerForLongerThanThePatience() {
        hostDriver.close();
        long start = System.nanoTime();
        assertThatThrownBy(() -> follow(LONG))
                .isInstanceOf(HostDriverException.class)
                .hasMessageContaining("No host driver answers");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("after the patience of one second")
                .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void anUnknownMigrationFailsAtOnce() {
        hostDriver.when(STATUS, 404, "{\"error\":\"There is no migration 7.\"}");
        assertThatThrownBy(() -> follow(LONG)).hasMessageEndingWith("answered 404: There is no migration 7.");
    }

    @Test
    void failsIfTheMigrationDoesNotEndInTime() {
        hostDriver.when(STATUS, 200, status(Phase.MIGRATING));
        assertThatThrownBy(() -> follow(Duration.ofMillis(800)))
                .hasMessageContaining("/v1/migrations/7 has not ended within 0 s. It may still be running");
    }

    @Test
    void anInterruptEndsTheWaitAtOnce() throws Exception {
        CountDownLatch listening = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        hostDriver.when(STATUS, 200, status(Phase.MIGRATING));
        hostDriver.when(EVENTS, exchange -> {
            FakeServer.stream(exchange, event(Phase.MIGRATING));
            hang(never);
        });
        assertThat(interrupted(client, listening)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void anInterruptIsNotTakenForAHostDriverThatDoesNotAnswer() throws Exception {
        CountDownLatch polled = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        hostDriver.when(STATUS, exchange -> {
            polled.countDown();
            hang(never);
        });
        Duration ages = Duration.ofSeconds(20);
        HostDriverClient strict = HostDriverClient.of(
                hostDriver.url(), null, new HostDriverTimeouts(ages, ages, ages, ages, Duration.ofNanos(1)));
        assertThat(interrupted(strict, polled)).isInstanceOf(InterruptedException.class);
    }

    /** Interrupts {@code follow} when the latch opens, which its events may do too; returns what it throws. */
    private static Throwable interrupted(HostDriverClient follower, CountDownLatch moment) throws Exception {
        List<Throwable> thrown = new ArrayList<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        follower.follow("7", LONG, event -> moment.countDown());
                    } catch (InterruptedException | HostDriverException e) {
                        thrown.add(e);
                    }
                },
                "follower");
        thread.start();
        assertThat(moment.await(20, TimeUnit.SECONDS)).isTrue();
        thread.interrupt();
        thread.join();
        assertThat(thrown).hasSize(1);
        return thrown.get(0);
    }

    private MigrationStatus follow(Duration atMost) throws InterruptedException {
        return client.follow("7", atMost, (MigrationEvent event) -> phases.add(event.phase()));
    }

    private static String status(Phase phase) {
        return "{\"id\":\"7\",\"vm\":\"web\",\"phase\":\"%s\"}".formatted(phase);
    }

    private static String event(Phase phase) {
        return "data: {\"time\":\"2026-03-01T12:00:00Z\",\"phase\":\"%s\",\"message\":\"m\",\"status\":%s}\n\n"
                .formatted(phase, status(phase));
    }

    private static void hang(CountDownLatch never) {
        try {
            if (never.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the latch is never counted down");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
