package io.github.godwit.hostapi.client;

import io.github.godwit.hostapi.MigrationEvent;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The server-sent events of one migration (WHATWG HTML §9.2; only the {@code data} field is used). The HTTP client's thread
 * puts lines into a queue, and the reader takes them out with a time limit, so that a silent host driver cannot block it.
 */
final class EventStream implements AutoCloseable {

    /** A line, or the end of the stream. */
    private record Line(String text) {
        static final Line END = new Line(null);
    }

    private record Response(Flow.Publisher<List<ByteBuffer>> events, String error) {}

    private final HostDriverConnection connection;
    private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>();
    private final LineSubscriber subscriber = new LineSubscriber(lines);

    /**
     * Opens the stream.
     *
     * @throws HostDriverException if the host driver refuses or does not answer
     */
    EventStream(HostDriverConnection connection, String path) {
        this.connection = connection;
        HttpResponse<Response> response = connection.open(path, EventStream::accept);
        connection.requireSuccess(response.statusCode(), response.body().error());
        response.body()
                .events()
                .subscribe(BodySubscribers.fromLineSubscriber(subscriber, done -> null, StandardCharsets.UTF_8, null));
    }

    /** Publishes events as they arrive, but reads an error completely. */
    private static BodySubscriber<Response> accept(ResponseInfo head) {
        return head.statusCode() / 100 == 2
                ? BodySubscribers.mapping(BodySubscribers.ofPublisher(), events -> new Response(events, ""))
                : BodySubscribers.mapping(
                        BodySubscribers.ofString(StandardCharsets.UTF_8), error -> new Response(null, error));
    }

    /**
     * Waits for the next event.
     *
     * @param silence how long to wait
     * @return empty if the stream ended or no event arrived in time
     * @throws HostDriverException if the data is not a migration event
     */
    Optional<MigrationEvent> next(Duration silence) throws InterruptedException {
        StringBuilder data = new StringBuilder();
        long deadline = System.nanoTime() + silence.toNanos();
        while (true) {
            Line line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null || line.equals(Line.END)) {
                return Optional.empty();
            }
            if (line.text().isEmpty() && data.length() > 0) {
                return Optional.of(connection.read(data.toString(), MigrationEvent.class));
            }
            if (line.text().startsWith("data:")) {
                data.append(line.text(), "data:".length(), line.text().length()).append('\n');
            }
        }
    }

    @Override
    public void close() {
        subscriber.cancel();
    }

    /** Puts the lines of the stream into a queue. */
    private static final class LineSubscriber implements Flow.Subscriber<String> {

        private final BlockingQueue<Line> lines;
        private volatile Flow.Subscription subscription;
        private volatile boolean cancelled;

        LineSubscriber(BlockingQueue<Line> lines) {
            this.lines = lines;
        }

        void cancel() {
            cancelled = true;
            Flow.Subscription running = subscription;
            if (running != null) {
                running.cancel();
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
            if (cancelled) {
                newSubscription.cancel();
            } else {
                newSubscription.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(String text) {
            lines.add(new Line(text));
        }

        @Override
        public void onError(Throwable broken) {
            lines.add(Line.END);
        }

        @Override
        public void onComplete() {
            lines.add(Line.END);
        }
    }
}
