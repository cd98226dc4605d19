package io.github.godwit.hostapi.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads one stream of server-sent events (WHATWG HTML, section 9.2). The HTTP client's thread parses the stream, and the
 * reader takes events with a time limit, so a silent server cannot block it.
 *
 * <p>Of an event only its data is returned: the values of its {@code data} lines, joined by line feeds. Comments and the
 * fields {@code event}, {@code id} and {@code retry} are ignored, and so are events without data. The stream is not reopened
 * when it ends. One thread reads; any thread may close.
 */
public final class ServerSentEvents implements AutoCloseable {

    private static final Optional<String> END = Optional.empty();

    private final BlockingQueue<Optional<String>> events = new LinkedBlockingQueue<>();
    private final Parser parser = new Parser(events);

    private ServerSentEvents() {}

    /**
     * Opens a stream and waits for the server to accept it.
     *
     * @param http    sends the request
     * @param url     the stream's URL, http or https
     * @param headers headers of the request, besides {@code Accept: text/event-stream}
     * @param limit   how long the server may take to accept or to refuse
     * @throws RefusedException     when the server answers with a status other than 2xx
     * @throws HttpTimeoutException when it does not answer within the limit
     * @throws IOException          when the connection fails
     * @throws InterruptedException when the thread is interrupted; the request is cancelled
     */
    public static ServerSentEvents open(HttpClient http, URI url, Map<String, String> headers, Duration limit)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).header("Accept", "text/event-stream");
        headers.forEach(request::setHeader);
        HttpResponse<Answer> response = await(http.sendAsync(request.build(), ServerSentEvents::accept), limit);
        if (!isSuccess(response.statusCode())) {
            throw new RefusedException(
                    url, response.statusCode(), response.body().error());
        }
        ServerSentEvents stream = new ServerSentEvents();
        response.body()
                .events()
                .subscribe(
                        BodySubscribers.fromLineSubscriber(stream.parser, done -> null, StandardCharsets.UTF_8, null));
        return stream;
    }

    private record Answer(Flow.Publisher<List<ByteBuffer>> events, String error) {}

    /** A stream is read as it arrives; an error is read in whole. */
    private static BodySubscriber<Answer> accept(ResponseInfo head) {
        return isSuccess(head.statusCode())
                ? BodySubscribers.mapping(BodySubscribers.ofPublisher(), events -> new Answer(events, ""))
                : BodySubscribers.mapping(
                        BodySubscribers.ofString(StandardCharsets.UTF_8), error -> new Answer(null, error));
    }

    private static boolean isSuccess(int statusCode) {
        return statusCode / 100 == 2;
    }

    /** The limit covers the body of an error too, which the timeout of a {@link HttpRequest} does not. */
    private static <T> T await(CompletableFuture<T> pending, Duration limit) throws IOException, InterruptedException {
        try {
            return pending.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no answer within %d ms".formatted(limit.toMillis()));
        } finally {
            pending.cancel(true);
        }
    }

    /**
     * Returns the data of the next event.
     *
     * @param silence how long to wait for it
     * @return empty when no event was completed in time; empty at once when the stream has ended, broken off or been closed
     * @throws InterruptedException when the thread is interrupted; the stream stays open
     */
    public Optional<String> next(Duration silence) throws InterruptedException {
        Optional<String> event = events.poll(silence.toNanos(), TimeUnit.NANOSECONDS);
        if (event == null) {
            return Optional.empty();
        }
        if (event.isEmpty()) {
            // for the next call
            events.add(END);
        }
        return event;
    }

    @Override
    public void close() {
        parser.cancel();
        events.add(END);
    }

    /** The server answered, but with an error. */
    public static final class RefusedException extends IOException {

        private static final long serialVersionUID = 1L;

        private final int statusCode;
        private final String body;

        private RefusedException(URI url, int statusCode, String body) {
            super("%s answered %d: %s".formatted(url, statusCode, body));
            this.statusCode = statusCode;
            this.body = body;
        }

        /** HTTP status of the answer. */
        public int statusCode() {
            return statusCode;
        }

        /** The whole body of the answer. */
        public String body() {
            return body;
        }
    }

    /** Makes events of lines; runs on the HTTP client's thread. */
    private static final class Parser implements Flow.Subscriber<String> {

        private static final String FIELD = "data";

        private final BlockingQueue<Optional<String>> events;
        private final StringBuilder data = new StringBuilder();
        private Flow.Subscription subscription;
        private boolean cancelled;

        Parser(BlockingQueue<Optional<String>> events) {
            this.events = events;
        }

        synchronized void cancel() {
            cancelled = true;
            if (subscription != null) {
                subscription.cancel();
            }
        }

        @Override
        public synchronized void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
            if (cancelled) {
                subscription.cancel();
            } else {
                subscription.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(String line) {
            if (line.isEmpty()) {
                dispatch();
            } else if (line.equals(FIELD)) {
                data.append('\n');
            } else if (line.startsWith(FIELD + ": ")) {
                data.append(line, FIELD.length() + 2, line.length()).append('\n');
            } else if (line.startsWith(FIELD + ":")) {
                data.append(line, FIELD.length() + 1, line.length()).append('\n');
            }
        }

        private void dispatch() {
            if (!data.isEmpty()) {
                events.add(Optional.of(data.substring(0, data.length() - 1)));
                data.setLength(0);
            }
        }

        @Override
        public void onError(Throwable broken) {
            events.add(END);
        }

        @Override
        public void onComplete() {
            events.add(END);
        }
    }
}
