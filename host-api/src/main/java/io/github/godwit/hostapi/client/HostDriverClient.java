package io.github.godwit.hostapi.client;

import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.HostSwitch;
import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.PolicySetVersion;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.hostapi.trail.TrailLine;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.proxy.VcpuTime;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.technique.TechniqueAvailability;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * A client of one host driver's REST API ({@link io.github.godwit.hostapi}). Its methods block, and are safe for use by
 * several threads.
 *
 * <p>Every method that sends a request throws {@link HostDriverException} if the host driver cannot be reached, does not
 * answer within the timeout, refuses, or sends a response that this version does not understand.
 */
public final class HostDriverClient {

    private static final String MIGRATIONS = "/v1/migrations";
    private static final String POLICIES = "/v1/policies";

    private final HostDriverConnection connection;

    private HostDriverClient(Supplier<HttpClient> http, URI url, String token, HostDriverTimeouts timeouts) {
        this.connection = new HostDriverConnection(http, base(url), token, timeouts);
    }

    /**
     * Creates a client with {@link HostDriverTimeouts#DEFAULT}.
     *
     * @param url   base URL of the host driver, for example http://10.0.0.2:9622
     * @param token bearer token; null for a host driver that requires none
     * @throws IllegalArgumentException if the URL cannot be a host driver's
     */
    public static HostDriverClient of(URI url, String token) {
        return of(url, token, HostDriverTimeouts.DEFAULT);
    }

    /** Creates a client with other timeouts; see {@link #of(URI, String)}. */
    public static HostDriverClient of(URI url, String token, HostDriverTimeouts timeouts) {
        return sharing(token, timeouts).apply(url);
    }

    /** Clients of several host drivers without a certificate; see {@link #sharing(String, HostDriverTimeouts, Optional)}. */
    public static Function<URI, HostDriverClient> sharing(String token, HostDriverTimeouts timeouts) {
        return sharing(token, timeouts, Optional.empty());
    }

    /**
     * Clients of several host drivers that share a token, a certificate and one HTTP client. With HTTPS, the certificate of a host driver has
     * to name the host in its URL.
     *
     * @param token    bearer token, or null
     * @param timeouts how long each host driver may take
     * @param tls      the certificate of this side and the authorities of the host drivers, as they are now; empty for no certificate and the
     *                 authorities that Java trusts
     * @return the client of the host driver at a URL; throws IllegalArgumentException when the URL is not one of a host driver
     */
    public static Function<URI, HostDriverClient> sharing(
            String token, HostDriverTimeouts timeouts, Optional<? extends Supplier<SSLContext>> tls) {
        Supplier<HttpClient> http;
        if (tls.isPresent()) {
            http = new CurrentHttpClient(timeouts.connect(), tls.get());
        } else {
            HttpClient plain = CurrentHttpClient.builder(timeouts.connect()).build();
            http = () -> plain;
        }
        return url -> new HostDriverClient(http, url, token, timeouts);
    }

    private static URI base(URI url) {
        boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!web || url.getHost() == null || url.getRawQuery() != null || url.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "'%s' is not the URL of a host driver. Write, for example, http://10.0.0.2:9622.".formatted(url));
        }
        return URI.create(url.toString().replaceFirst("/+$", ""));
    }

    /** Base URL of the host driver, without a trailing slash. */
    public URI url() {
        return connection.url();
    }

    /** The current state of the host. */
    public HostStatus host() {
        return get("/v1/host", HostStatus.class);
    }

    /**
     * The current state of the host as a migration to or from a peer finds it: with the link and the traffic of the NIC towards it. A host
     * driver of an older release answers with its only NIC.
     *
     * @param peer IP address of the other host; null for the usual NIC
     */
    public HostStatus hostTowards(String peer) {
        return peer == null
                ? host()
                : get("/v1/host?peer=" + URLEncoder.encode(peer, StandardCharsets.UTF_8), HostStatus.class);
    }

    /** Whether Godwit influences the migrations from the host. */
    public HostSwitch hostSwitch() {
        return get("/v1/switch", HostSwitch.class);
    }

    /** Switches Godwit's influence on the migrations from the host off or on, and returns the new position. */
    public HostSwitch turn(HostSwitch position) {
        return connection.call("PUT", "/v1/switch", position, HostSwitch.class, answer());
    }

    /** The policy set of this host driver; fails with status 404 if it is older than policy sets. */
    public PolicySet policies() {
        return get(POLICIES, PolicySet.class);
    }

    /**
     * Hands over a policy set, which holds from now on; fails with status 400 if the host driver cannot use it, with 409 if it has a newer
     * one, with 404 if it is older than policy sets.
     */
    public PolicySetVersion policies(PolicySet set) {
        return connection.call("PUT", POLICIES, set, PolicySetVersion.class, answer());
    }

    /** The current state of all VMs on the host. */
    public List<VmStatus> vms() {
        return connection.list("/v1/vms", VmStatus[].class);
    }

    /** The current state of one VM; fails with status 404 if the host has no VM of this name. */
    public VmStatus vm(String name) {
        return get(vmPath(name), VmStatus.class);
    }

    /** CPU time of a VM's vCPUs since its QEMU started on the host; fails with status 404 also if the host driver is of an older version. */
    public VcpuTime vcpuTime(String name) {
        return get(vmPath(name) + "/vcpu-time", VcpuTime.class);
    }

    /** Starts a VM; fails with status 409 if the host has a VM of this name, or if its VMs are Nova's. */
    public VmStatus start(VmDefinition definition) {
        return connection.call(
                "POST",
                "/v1/vms",
                definition,
                VmStatus.class,
                connection.timeouts().profile());
    }

    /** Stops a VM and removes its files. A QEMU that does not quit is killed after several seconds. */
    public void stop(String name) {
        connection.call(
                "DELETE", vmPath(name), null, Void.class, connection.timeouts().profile());
    }

    /** Profiles a VM, which takes the host driver several seconds. */
    public VmProfile profile(String name) {
        return profile(name, Duration.ZERO);
    }

    /**
     * Profiles a VM, unless its latest profile is complete and young enough.
     *
     * @param maxAge age that the profile may have, in whole seconds; zero for a new profile
     */
    public VmProfile profile(String name, Duration maxAge) {
        return connection.call(
                "GET",
                vmPath(name) + "/profile?max_age=" + maxAge.toSeconds(),
                null,
                VmProfile.class,
                connection.timeouts().profile());
    }

    /**
     * Which techniques can move a VM to a destination, and the reason for each that cannot.
     *
     * @param name        name of the VM
     * @param destination base URL under which the source's host driver reaches the destination's
     */
    public TechniqueAvailability techniques(String name, URI destination) {
        return get(
                vmPath(name) + "/techniques?destination=" + encoded(destination.toString()),
                TechniqueAvailability.class);
    }

    /** Starts a migration; the returned status has the id for the other methods. */
    public MigrationStatus migrate(MigrationRequest request) {
        return connection.call("POST", MIGRATIONS, request, MigrationStatus.class, answer());
    }

    /** The migrations away from this host that its host driver remembers. */
    public List<MigrationStatus> migrations() {
        return connection.list(MIGRATIONS, MigrationStatus[].class);
    }

    /** The same without decisions and outcomes; an older host driver sends them too. */
    public List<MigrationStatus> migrationsInBrief() {
        return connection.list(MIGRATIONS + "?brief=true", MigrationStatus[].class);
    }

    /**
     * The latest lines of the host driver's audit trail, the oldest first; fails with status 404 if it is older than that route.
     *
     * @param after only those that follow this line, if it is still known; null for all
     */
    public List<TrailLine> trail(UUID after) {
        return connection.list("/v1/trail" + (after == null ? "" : "?after=" + after), TrailLine[].class);
    }

    /** The status of a migration; fails with status 404 if the host driver does not know the id. */
    public MigrationStatus migration(String id) {
        return get(migrationPath(id), MigrationStatus.class);
    }

    /** Requests that a migration be cancelled; fails with status 409 once its VM runs on the destination. */
    public void cancel(String id) {
        connection.call("DELETE", migrationPath(id), null, Void.class, answer());
    }

    /**
     * Waits until a migration ends, and passes its events to a listener. If the stream of events breaks, polls the status
     * and opens the stream again.
     *
     * @param id       id of the migration
     * @param atMost   how long to wait
     * @param listener receives every event, on the calling thread
     * @return the final status
     * @throws InterruptedException if the thread is interrupted; the migration continues
     * @throws HostDriverException  also if the host driver does not answer for longer than
     *                              {@link HostDriverTimeouts#patience()}, or if the migration does not end in time; it may
     *                              still be running then
     */
    public MigrationStatus follow(String id, Duration atMost, Consumer<MigrationEvent> listener)
            throws InterruptedException {
        return new MigrationFollower(connection, migrationPath(id), listener).follow(atMost);
    }

    /** The requests of a migration's source to its destination. */
    public IncomingClient incoming() {
        return new IncomingClient(connection);
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

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
