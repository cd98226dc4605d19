package io.github.godwit.host.migrate;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.host.common.Refusal;
import io.github.godwit.hostapi.ApiError;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.IncomingRequest;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.hostapi.WireJson;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Talks to the host driver of another host. Every call has a timeout; what goes wrong is a {@link Refusal} that names the
 * other host and carries its words.
 */
public final class PeerClient {

    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration START_OF_QEMU = Duration.ofSeconds(20);

    private final ObjectMapper json = WireJson.mapper();
    private final Supplier<Optional<String>> token;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    /**
     * @param token the bearer token that all host drivers share, if they need one
     */
    public PeerClient(Supplier<Optional<String>> token) {
        this.token = token;
    }

    /** The other host as it sees itself. */
    public HostStatus host(URI peer) {
        return read(peer, call(peer, "/v1/host", "GET", null, ANSWER), HostStatus.class);
    }

    /** One of its VMs. */
    public VmStatus vm(URI peer, String name) {
        return read(peer, call(peer, "/v1/vms/" + name, "GET", null, ANSWER), VmStatus.class);
    }

    /** Has it prepare for a VM. */
    public IncomingTicket prepare(URI peer, IncomingRequest request) {
        return read(peer, call(peer, "/v1/incoming", "POST", request, START_OF_QEMU), IncomingTicket.class);
    }

    /** Tells it that the VM has arrived. */
    public Heartbeats finish(URI peer, String migrationId) {
        String path = "/v1/incoming/%s/finish".formatted(migrationId);
        return read(peer, call(peer, path, "POST", null, START_OF_QEMU), Heartbeats.class);
    }

    /** Has it give back what it prepared. */
    public void abandon(URI peer, String migrationId) {
        call(peer, "/v1/incoming/" + migrationId, "DELETE", null, START_OF_QEMU);
    }

    private byte[] call(URI peer, String path, String method, Object body, Duration timeout) {
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(resolve(peer, path)).timeout(timeout).header("Accept", "application/json");
            if (body == null) {
                request.method(method, BodyPublishers.noBody());
            } else {
                request.header("Content-Type", "application/json");
                request.method(method, BodyPublishers.ofByteArray(json.writeValueAsBytes(body)));
            }
            token.get().ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
            HttpResponse<byte[]> answer = http.send(request.build(), BodyHandlers.ofByteArray());
            if (answer.statusCode() / 100 == 2) {
                return answer.body();
            }
            throw refused(peer, answer);
        } catch (IOException e) {
            throw Refusal.peer(
                    "The host driver at %s does not answer (%s). Check that it runs and that the address is right."
                            .formatted(peer, reason(e)),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.peer("Interrupted while asking the host driver at %s.".formatted(peer), e);
        }
    }

    private static URI resolve(URI peer, String path) {
        String base = peer.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
    }

    private static String reason(IOException e) {
        if (e instanceof ConnectException) {
            return "cannot connect";
        }
        return e.getMessage() == null ? "the connection broke" : e.getMessage();
    }

    private Refusal refused(URI peer, HttpResponse<byte[]> answer) {
        String words;
        try {
            words = json.readValue(answer.body(), ApiError.class).error();
        } catch (IOException e) {
            words = "no reason that can be read";
        }
        String message = "The host driver at %s answered %d: %s".formatted(peer, answer.statusCode(), words);
        return answer.statusCode() == 404 ? Refusal.unknown(message) : Refusal.peer(message, null);
    }

    private <T> T read(URI peer, byte[] body, Class<T> type) {
        try {
            return json.readValue(body, type);
        } catch (IOException e) {
            throw Refusal.peer(
                    "The host driver at %s answered something that is no %s: %s. Perhaps its version does not fit."
                            .formatted(peer, type.getSimpleName(), e.getMessage()),
                    e);
        }
    }
}
