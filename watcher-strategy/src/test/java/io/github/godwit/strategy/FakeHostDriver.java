package io.github.godwit.strategy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import io.github.godwit.common.FakeServer;
import io.github.godwit.hostapi.ApiError;
import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.HostStatusBuilder;
import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.hostapi.PolicySetVersion;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverTimeouts;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.profile.PageContent;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.technique.TechniqueConstraint;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A host driver that serves one host of a drawn cluster over HTTP. The test sets the course of its migrations. */
public final class FakeHostDriver implements AutoCloseable {

    /** The course of a migration. */
    public enum Course {
        COMPLETES,
        FAILS,
        REFUSED,
        GOES_ON_UNTIL_CANCELLED,
        CANCELLED_BY_ITSELF,
        LOSES_THE_AGENT
    }

    /** The measured metrics of every migration that completes. */
    public static final Map<Metric, Double> MEASURED = Map.of(
            Metric.TOTAL_TIME,
            2400.0,
            Metric.DOWNTIME,
            1300.0,
            Metric.TRANSFERRED_DATA,
            270.0,
            Metric.CPU,
            31.0,
            Metric.MEMORY,
            2.0);

    private record Begun(String vm, String policy, Instant at) {}

    private static final String MIGRATIONS = "/v1/migrations";
    private static final String POLICIES = "/v1/policies";

    private final ObjectMapper json = WireJson.mapper();
    private final ClusterModel drawn;
    private final FakeServer server = new FakeServer();
    private final Map<String, Course> courses = new ConcurrentHashMap<>();
    private final Map<String, Integer> unprofiled = new ConcurrentHashMap<>();
    private final Map<String, Bandwidth> links = new ConcurrentHashMap<>();
    private final List<MigrationRequest> requests = new CopyOnWriteArrayList<>();
    private final List<String> profiled = new CopyOnWriteArrayList<>();
    private final List<String> cancelled = new CopyOnWriteArrayList<>();
    private final Map<String, Begun> begun = new ConcurrentHashMap<>();
    private final CountDownLatch handed = new CountDownLatch(1);
    private volatile PolicySet policies = PolicySet.shipped();
    private volatile boolean older;
    private volatile boolean fixedReservations;
    private volatile boolean withoutTrafficClasses;
    private volatile boolean diskFull;
    private volatile Duration takes = Duration.ZERO;
    private final CountDownLatch cancel = new CountDownLatch(1);
    private volatile TechniqueAvailability availability = TechniqueAvailability.all();

    /** Starts the host driver of the drawn host, with its VMs. */
    public FakeHostDriver(String drawing) {
        drawn = DrawnCluster.draw(drawing);
        server.otherwise(this::handle);
    }

    /** Sets the course of a VM's migration; by default it completes. */
    public FakeHostDriver when(String vm, Course course) {
        courses.put(vm, course);
        return this;
    }

    /** Sets the HTTP status of requests for the profile of a VM. */
    public FakeHostDriver notProfiling(String vm, int status) {
        unprofiled.put(vm, status);
        return this;
    }

    /** Delays the course of migrations. */
    public FakeHostDriver taking(Duration time) {
        takes = time;
        return this;
    }

    /** Limits the techniques that are available. */
    public FakeHostDriver refusing(Map<Technique, String> unavailable) {
        availability = new TechniqueAvailability(unavailable);
        return this;
    }

    /** Makes it one of a release without policy sets. */
    public FakeHostDriver older() {
        older = true;
        return this;
    }

    /** Makes it one of a release whose policy sets have no traffic classes; it refuses a set that has some. */
    public FakeHostDriver withoutTrafficClasses() {
        withoutTrafficClasses = true;
        return this;
    }

    /** Makes it one of a release that keeps a reservation as it is, and refuses terms. */
    public FakeHostDriver withFixedReservations() {
        fixedReservations = true;
        return this;
    }

    private PolicySetVersion version() {
        PolicySetVersion version = PolicySetVersion.of(policies);
        return withoutTrafficClasses
                ? new PolicySetVersion(version.version(), version.changedAt(), version.origin(), null)
                : version;
    }

    /** Makes it unable to keep a policy set, or able again. */
    public void diskFull(boolean full) {
        diskFull = full;
    }

    /** The policy set that it has. */
    public PolicySet policies() {
        return policies;
    }

    /** Waits until it was handed a policy set. */
    public PolicySet awaitPolicies() throws InterruptedException {
        if (!handed.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Nobody hands over a policy set.");
        }
        return policies;
    }

    public URI url() {
        return server.url();
    }

    /** Returns a client with a short timeout. */
    public HostDriverClient client() {
        return HostDriverClient.of(
                url(),
                null,
                new HostDriverTimeouts(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1)));
    }

    public List<MigrationRequest> requests() {
        return requests;
    }

    /** The VMs that it was asked to profile, each as often as it was. */
    public List<String> profiled() {
        return profiled;
    }

    public List<String> cancelled() {
        return cancelled;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String what = exchange.getRequestMethod() + " " + path;
        String last = path.substring(path.lastIndexOf('/') + 1);
        if (what.equals("GET /v1/host")) {
            String query = exchange.getRequestURI().getQuery();
            send(exchange, 200, query == null ? host() : towards(query.substring("peer=".length())));
        } else if (path.equals(POLICIES) && !older) {
            policies(exchange);
        } else if (what.equals("GET /v1/vms")) {
            send(exchange, 200, drawn.vms());
        } else if (last.equals("techniques")) {
            send(exchange, 200, availability);
        } else if (last.equals("profile")) {
            profile(exchange, path.split("/", -1)[3]);
        } else if (what.equals("POST " + MIGRATIONS)) {
            migrate(exchange);
        } else if (what.equals("GET " + MIGRATIONS)) {
            send(
                    exchange,
                    200,
                    begun.keySet().stream().map(id -> status(id).brief()).toList());
        } else if (what.startsWith("GET " + MIGRATIONS + "/") && !last.equals("events")) {
            migration(exchange, last);
        } else if (last.equals("events")) {
            events(exchange, path.split("/", -1)[3]);
        } else if (what.startsWith("DELETE " + MIGRATIONS)) {
            cancelled.add(last);
            cancel.countDown();
            exchange.sendResponseHeaders(202, -1);
        } else {
            send(exchange, 404, new ApiError("There is nothing at %s.".formatted(path)));
        }
    }

    private HostStatus towards(String peer) {
        Bandwidth link = links.get(peer);
        return link == null ? host() : host().by("to " + peer, link, Traffic.NONE);
    }

    /** Sets the rate of the NIC towards an address; by default the usual one leads everywhere. */
    public FakeHostDriver reaching(String peer, Bandwidth link) {
        links.put(peer, link);
        return this;
    }

    private HostStatus host() {
        HostStatus status = drawn.hosts().get(0).status();
        return HostStatusBuilder.like(status)
                .reservations(
                        fixedReservations
                                ? new HostStatus.ReservationSupport(true, "", "", false)
                                : status.reservations())
                .policies(older ? null : version())
                .linkDrop(null)
                .build();
    }

    private void policies(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("GET")) {
            send(exchange, 200, policies);
            return;
        }
        if (diskFull) {
            send(exchange, 500, new ApiError("No space left on device"));
            return;
        }
        PolicySet received;
        try {
            JsonNode body = json.readTree(exchange.getRequestBody());
            if (withoutTrafficClasses && body.has("trafficClasses")) {
                send(exchange, 400, new ApiError("Unknown property."));
                return;
            }
            received = WireJson.strictMapper().treeToValue(body, PolicySet.class);
        } catch (JsonProcessingException e) {
            send(exchange, 400, new ApiError(e.getOriginalMessage()));
            return;
        }
        if (!received.equals(policies) && !received.isNewerThan(policies.version(), policies.changedAt())) {
            send(exchange, 409, new ApiError("It is not newer than set %d.".formatted(policies.version())));
            return;
        }
        policies = received;
        handed.countDown();
        send(exchange, 200, PolicySetVersion.of(received));
    }

    private void profile(HttpExchange exchange, String name) throws IOException {
        profiled.add(name);
        VmStatus vm = drawn.findVm(name).orElse(null);
        if (vm == null) {
            send(exchange, 404, new ApiError("There is no VM '%s' here.".formatted(name)));
            return;
        }
        if (unprofiled.containsKey(name)) {
            send(exchange, unprofiled.get(name), new ApiError("VM '%s' cannot be profiled.".formatted(name)));
            return;
        }
        MemorySize memory = vm.definition().memory();
        send(
                exchange,
                200,
                new VmProfile(
                        name,
                        memory,
                        1,
                        memory.pages() / 2,
                        DirtyCurve.idle(),
                        0.5,
                        PageContent.UNKNOWN,
                        vm.vcpuUse(),
                        0,
                        vm.residentMemory(),
                        false,
                        vm.traffic(),
                        VmProfile.DirtySource.PAGE_SAMPLING,
                        Accelerator.KVM,
                        VmProfile.FRESH));
    }

    private void migrate(HttpExchange exchange) throws IOException {
        JsonNode body = json.readTree(exchange.getRequestBody());
        MigrationRequest request = json.treeToValue(body, MigrationRequest.class);
        boolean newer = body.has("policyBody") || body.path("decision").has("policyVersion");
        if ((older && newer) || (fixedReservations && body.has("terms"))) {
            send(exchange, 400, new ApiError("Unknown property."));
            return;
        }
        String refusal = refusal(request, exchange);
        if (refusal != null) {
            return;
        }
        String id = request.id() == null ? request.vm() : request.id().toString();
        boolean known = request.id() != null && begun.containsKey(id);
        if (!known) {
            begun.put(id, new Begun(request.vm(), request.policy(), Instant.now()));
            requests.add(request);
        }
        if (course(request.vm()) == Course.REFUSED) {
            send(exchange, 409, new ApiError("VM '%s' is in a migration already.".formatted(request.vm())));
        } else {
            send(exchange, 202, status(id, Phase.PROFILING));
        }
    }

    /** Refuses what the real host driver refuses about policies; returns the reason, or null. */
    private String refusal(MigrationRequest request, HttpExchange exchange) throws IOException {
        Optional<SloPolicy> policy;
        try {
            policy = request.policyFrom(policies);
        } catch (IllegalArgumentException e) {
            send(exchange, 400, new ApiError(e.getMessage()));
            return e.getMessage();
        }
        TechniqueConstraint constraint = policies.constraint(
                        Set.of(drawn.hosts().get(0).name()), Optional.empty())
                .narrowedBy(policy.map(SloPolicy::constraint).orElse(TechniqueConstraint.NONE));
        String reason = request.technique() == null
                ? null
                : constraint.of(availability).unavailable().get(request.technique());
        if (reason != null) {
            send(exchange, 409, new ApiError("%s is not available: %s.".formatted(request.technique(), reason)));
        }
        return reason;
    }

    private void migration(HttpExchange exchange, String id) throws IOException {
        if (!begun.containsKey(id)) {
            send(exchange, 404, new ApiError("There is no migration '%s' here.".formatted(id)));
        } else {
            send(exchange, 200, status(id));
        }
    }

    private MigrationStatus status(String id) {
        boolean ended = Instant.now().isAfter(begun.get(id).at().plus(takes));
        return status(id, ended ? Phase.COMPLETED : Phase.MIGRATING);
    }

    private void events(HttpExchange exchange, String id) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        event(exchange, id, Phase.MIGRATING);
        Begun migration = begun.get(id);
        try {
            Thread.sleep(Math.max(
                    0,
                    Duration.between(Instant.now(), migration.at().plus(takes)).toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        switch (course(migration.vm())) {
            case COMPLETES -> event(exchange, id, Phase.COMPLETED);
            case FAILS -> event(exchange, id, Phase.FAILED);
            case CANCELLED_BY_ITSELF -> event(exchange, id, Phase.CANCELLED);
            case LOSES_THE_AGENT -> server.stop();
            default -> {
                try {
                    cancel.await();
                    event(exchange, id, Phase.CANCELLED);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private void event(HttpExchange exchange, String id, Phase phase) throws IOException {
        MigrationEvent event = new MigrationEvent(Instant.EPOCH, phase, "test", status(id, phase));
        exchange.getResponseBody()
                .write("data: %s\n\n".formatted(json.writeValueAsString(event)).getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    private MigrationStatus status(String id, Phase phase) {
        String vm = begun.get(id).vm();
        String error = phase == Phase.FAILED ? "QEMU says: Connection reset by peer" : null;
        Outcome outcome = phase != Phase.COMPLETED
                ? null
                : new Outcome(
                        id,
                        Instant.EPOCH,
                        null,
                        Technique.PRE_COPY,
                        null,
                        "",
                        null,
                        MEASURED,
                        -1,
                        -1,
                        true,
                        1,
                        0,
                        Bandwidth.ZERO,
                        List.of(),
                        null,
                        0,
                        null,
                        null,
                        null);
        return new MigrationStatus(
                id, vm, "h1", "h2", Technique.PRE_COPY, begun.get(id).policy(), phase, null, error, null, outcome);
    }

    private Course course(String vm) {
        return courses.getOrDefault(vm, Course.COMPLETES);
    }

    private void send(HttpExchange exchange, int status, Object body) throws IOException {
        FakeServer.send(exchange, status, json.writeValueAsString(body));
    }

    @Override
    public void close() {
        cancel.countDown();
        server.close();
    }
}
