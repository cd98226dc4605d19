package io.github.godwit.hostapi.client;

import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.IncomingRequest;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.TechniqueAvailability;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The REST API of one host driver ({@link io.github.godwit.model.api}), blocking and safe for several threads.
 *
 * <p>Every method throws {@link HostDriverException} when the agent cannot be reached, takes too long, refuses or answers
 * what this version does not understand.
 */
public final class HostDriverClient {

    private static final String MIGRATIONS = "/v1/migrations";
    private static final String INCOMING = "/v1/incoming";

    private final HostDriverConnection connection;

    /**
     * A client on an HTTP client of the caller's, which may know private certificates.
     *
     * @param http     sends the requests; its connect timeout should be set
     * @param agent    base URL of the host driver, http or https, for example http://10.0.0.2:9622
     * @param token    bearer token, or null for an agent that asks for none
     * @param timeouts how long the agent may take
     * @throws IllegalArgumentException when the URL is not one of a host driver
     */
    public HostDriverClient(HttpClient http, URI agent, String token, HostDriverTimeouts timeouts) {
        this.connection = new HostDriverConnection(http, base(agent), token, timeouts);
    }

    /**
     * A client with default timeouts.
     *
     * @param agent base URL of the host driver
     * @param token bearer token, or null
     * @throws IllegalArgumentException when the URL is not one of a host driver
     */
    public static HostDriverClient of(URI agent, String token) {
        return of(agent, token, HostDriverTimeouts.DEFAULT);
    }

    /** A client with timeouts of one's own. */
    public static HostDriverClient of(URI agent, String token, HostDriverTimeouts timeouts) {
        return new HostDriverClient(http(timeouts), agent, token, timeouts);
    }

    /**
     * Clients of several host drivers that share a token and one HTTP client.
     *
     * @param token    bearer token, or null
     * @param timeouts how long each host driver may take
     * @return the client of the host driver at a URL; throws IllegalArgumentException when the URL is not one of a host driver
     */
    public static Function<URI, HostDriverClient> sharing(String token, HostDriverTimeouts timeouts) {
        HttpClient http = http(timeouts);
        return url -> new HostDriverClient(http, url, token, timeouts);
    }

    private static HttpClient http(HostDriverTimeouts timeouts) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeouts.connect())
                .build();
    }

    private static URI base(URI agent) {
        boolean web = "http".equals(agent.getScheme()) || "https".equals(agent.getScheme());
        if (!web || agent.getHost() == null || agent.getRawQuery() != null || agent.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "'%s' is not the URL of a host driver. Write one such as http://10.0.0.2:9622.".formatted(agent));
        }
        return URI.create(agent.toString().replaceFirst("/+$", ""));
    }

    /** Base URL of the agent, without a slash at its end. */
    public URI agent() {
        return connection.agent();
    }

    /** The host now. */
    public HostStatus host() {
        return get("/v1/host", HostStatus.class);
    }

    /** All VMs on the host now. */
    public List<VmStatus> vms() {
        return connection.list("/v1/vms", VmStatus[].class);
    }

    /** One VM now. */
    public VmStatus vm(String name) {
        return get(vmPath(name), VmStatus.class);
    }

    /** Starts a VM. */
    public VmStatus start(VmDefinition definition) {
        return connection.call(
                "POST",
                "/v1/vms",
                definition,
                VmStatus.class,
                connection.timeouts().profile());
    }

    /** Stops a VM for good; one that does not quit is killed, which takes the agent several seconds. */
    public void stop(String name) {
        connection.call(
                "DELETE", vmPath(name), null, Void.class, connection.timeouts().profile());
    }

    /** Profiles a VM, which takes the agent several seconds. */
    public VmProfile profile(String name) {
        return connection.call(
                "GET",
                vmPath(name) + "/profile",
                null,
                VmProfile.class,
                connection.timeouts().profile());
    }

    /**
     * Which techniques can move a VM, and why not the others.
     *
     * @param name        the VM
     * @param destination base URL of the destination's host driver, as the source's reaches it
     */
    public TechniqueAvailability techniques(String name, URI destination) {
        return get(
                vmPath(name) + "/techniques?destination=" + encoded(destination.toString()),
                TechniqueAvailability.class);
    }

    /** Starts a migration; the answer's id names it from here on. */
    public MigrationStatus migrate(MigrationRequest request) {
        return connection.call("POST", MIGRATIONS, request, MigrationStatus.class, answer());
    }

    /** All migrations that left this host since its agent started. */
    public List<MigrationStatus> migrations() {
        return connection.list(MIGRATIONS, MigrationStatus[].class);
    }

    /** Where a migration stands. */
    public MigrationStatus migration(String id) {
        return get(migrationPath(id), MigrationStatus.class);
    }

    /** Asks for a migration to be cancelled; refused with 409 once its VM runs on the destination. */
    public void cancel(String id) {
        connection.call("DELETE", migrationPath(id), null, Void.class, answer());
    }

    /**
     * Waits for the end of a migration and hands on what happens until then, as the agent tells it. Where the stream of
     * events breaks, the status is asked for instead and the stream opened again.
     *
     * @param id       the migration
     * @param atMost   how long to wait
     * @param listener gets every event, on the calling thread
     * @return the final status
     * @throws InterruptedException when the thread is interrupted; the migration goes on
     * @throws HostDriverException  also when the agent is gone for longer than {@link HostDriverTimeouts#patience()}, or
     *                              the migration has not ended in time; it may still be running then
     */
    public MigrationStatus follow(String id, Duration atMost, Consumer<MigrationEvent> listener)
            throws InterruptedException {
        return new MigrationFollower(connection, migrationPath(id), listener).follow(atMost);
    }

    /** Has the host driver prepare for a VM that is about to arrive. Between host drivers. */
    public IncomingTicket prepare(IncomingRequest request) {
        return connection.call(
                "POST",
                INCOMING,
                request,
                IncomingTicket.class,
                connection.timeouts().profile());
    }

    /** Reports that the VM of a migration has arrived. Between host drivers. */
    public Heartbeats finish(String migrationId) {
        return connection.call(
                "POST",
                incomingPath(migrationId) + "/finish",
                null,
                Heartbeats.class,
                connection.timeouts().profile());
    }

    /** Has the host driver release what it prepared for a migration. Between host drivers. */
    public void abandon(String migrationId) {
        connection.call(
                "DELETE",
                incomingPath(migrationId),
                null,
                Void.class,
                connection.timeouts().profile());
    }

    private static String incomingPath(String migrationId) {
        return INCOMING + "/" + encoded(migrationId);
    }

    private <T> T get(String path, Class<T> type) {
        return connection.call("GET", path, null, type, answer());
    }

    private Duration answer() {
        return connection.timeouts().answer();
    }

    private static String vmPath(String name) {
        return "/v1/vms/" + encoded(name);
    }

    private static String migrationPath(String id) {
        return MIGRATIONS + "/" + encoded(id);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
