package io.github.godwit.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.github.godwit.common.FakeServer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that send their answer bit by bit, each within the timeout of a read. */
@Timeout(20)
class SlowAnswerTest {

    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void stop() {
        end.countDown();
    }

    @Test
    void prometheusMustAnswerCompletelyInTime() {
        try (FakeServer server = new FakeServer().otherwise(this::drip)) {
            Prometheus prometheus = new Prometheus(PrometheusAccess.open(server.url()), Duration.ofMillis(500));
            assertThatThrownBy(() -> prometheus.query("up"))
                    .isInstanceOf(PrometheusException.class)
                    .hasMessageContaining("no complete answer within 500 ms");
        }
    }

    @Test
    void theCloudMustAnswerCompletelyInTime() {
        CallDeadline deadline = new CallDeadline(Duration.ofMillis(200));
        assertThatThrownBy(() -> deadline.call(() -> {
                    try {
                        return end.await(20, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .isInstanceOfSatisfying(
                        OpenStackException.class, e -> assertThat(e.status()).isEqualTo(OpenStackException.NO_ANSWER))
                .hasMessageContaining("within 200 ms");
        assertThat(deadline.<String>call(() -> "in time")).isEqualTo("in time");
        assertThatThrownBy(() -> deadline.call(() -> {
                    throw new IllegalArgumentException("as it is");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("as it is");
    }

    private void drip(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 10_000);
        try {
            while (!end.await(20, TimeUnit.MILLISECONDS)) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
