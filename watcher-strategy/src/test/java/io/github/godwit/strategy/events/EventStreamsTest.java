package io.github.godwit.strategy.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.NullNode;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventStreamsTest {

    private static final Event EVENT = new Event(Instant.EPOCH, Event.ACTION, "a", NullNode.getInstance());

    private final Events events = new Events();
    private final EventStreams streams = new EventStreams(events, Duration.ofMillis(20), Clock.systemUTC());

    private static final class Client implements EventStreams.Stream {
        private final List<Event> received = new CopyOnWriteArrayList<>();
        private final CountDownLatch ended = new CountDownLatch(1);
        private final CountDownLatch pinged = new CountDownLatch(1);
        private volatile Instant expires = Instant.MAX;
        private volatile BooleanSupplier admitted = () -> true;
        private volatile boolean gone;

        @Override
        public void send(Event event) {
            received.add(event);
        }

        @Override
        public void ping() {
            pinged.countDown();
        }

        @Override
        public boolean isClosed() {
            return gone;
        }

        @Override
        public Instant expires() {
            return expires;
        }

        @Override
        public boolean isAdmitted() {
            return admitted.getAsBoolean();
        }

        @Override
        public void close() {
            ended.countDown();
        }

        private boolean hasEnded() throws InterruptedException {
            return ended.await(10, TimeUnit.SECONDS);
        }
    }

    @AfterEach
    void close() {
        streams.close();
    }

    private Client open() {
        Client client = new Client();
        streams.open(client);
        return client;
    }

    @Test
    void eachClientGetsTheEventsFromNowOn() throws InterruptedException {
        events.publish(EVENT);
        Client one = open();
        events.publish(EVENT);
        assertThat(one.received).hasSize(1);
        assertThat(one.pinged.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aStreamEndsWithItsToken() throws InterruptedException {
        Client expiring = open();
        Client staying = open();
        expiring.expires = Instant.EPOCH;
        assertThat(expiring.hasEnded()).isTrue();
        events.publish(EVENT);
        assertThat(expiring.received).isEmpty();
        assertThat(staying.received).hasSize(1);
    }

    @Test
    void aStreamEndsWhenItsTokenIsRevoked() throws InterruptedException {
        Client revoked = open();
        revoked.admitted = () -> false;
        assertThat(revoked.hasEnded()).isTrue();
    }

    @Test
    void whileKeystoneDoesNotAnswerStreamsGoOnUntilTheirTokenExpires() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(3);
        Client client = open();
        client.admitted = () -> {
            asked.countDown();
            throw ServiceRefusal.unavailable("Keystone does not answer.");
        };
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(client.ended.getCount()).isEqualTo(1);
        client.expires = Instant.EPOCH;
        assertThat(client.hasEnded()).isTrue();
    }

    @Test
    void theirNumberIsLimitedAndThoseThatHaveGoneLeaveTheirPlace() throws InterruptedException {
        Client first = open();
        for (int i = 1; i < EventStreams.MOST; i++) {
            open();
        }
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        ServiceRefusal.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(ServiceRefusal.Kind.BUSY));
        first.gone = true;
        assertThat(first.hasEnded()).isTrue();
        assertThatCode(this::open).doesNotThrowAnyException();
    }
}
