package io.github.godwit.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.nova.Nova.Server;
import io.github.godwit.nova.NovaHosts.ComputeService;
import io.github.godwit.nova.NovaHosts.Hypervisor;
import io.github.godwit.nova.NovaLiveMigrations.ServerMigration;
import io.github.godwit.nova.Placement.ResourceProvider;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Tests with a real Nova. {@code devstack/openstack check} runs them on the controller that {@code devstack/openstack up} started. */
@EnabledIfEnvironmentVariable(named = "GODWIT_CLOUD_OWNER", matches = ".+")
class NovaIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LINK = "1gbit";

    private static Nova nova;
    private static Placement placement;
    private static JsonNode made;

    @BeforeAll
    static void sign() throws Exception {
        Map<String, String> environment = System.getenv();
        OpenStackUser admin = new OpenStackUser(
                environment.get("OS_USERNAME"),
                environment.get("OS_PASSWORD"),
                environment.get("OS_USER_DOMAIN_NAME"),
                environment.get("OS_PROJECT_NAME"),
                environment.get("OS_PROJECT_DOMAIN_NAME"));
        OpenStackSession session =
                new OpenStackSession(URI.create(environment.get("OS_AUTH_URL")), admin, Duration.ofSeconds(30));
        nova = new Nova(session);
        placement = new Placement(session);
        made = new ObjectMapper().readTree(run("/usr/bin/python3", "src/test/python/servers.py"));
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0)
                .as("%s: %s", List.of(command), output)
                .isTrue();
        return output;
    }

    private static String id(String server) {
        return made.path("servers").path(server).asText();
    }

    private static Server server(String name) {
        return nova.findServer(id(name)).orElseThrow();
    }

    private static ComputeService service(String host) {
        return nova.hosts().services().stream()
                .filter(each -> each.host().equals(host))
                .findFirst()
                .orElseThrow();
    }

    private static void await(String what, BooleanSupplier wanted) throws InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (!wanted.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(end);
            Thread.sleep(200);
        }
    }

    @Test
    void hostsAreDisabledAndEnabled() {
        assertThat(nova.hosts().services())
                .extracting(ComputeService::host)
                .containsExactlyInAnyOrder("compute1", "compute2");
        ComputeService before = service("compute2");
        assertThat(before.enabled() && before.up()).isTrue();
        nova.hosts().setEnabled(before.id(), false, "godwit: emptied");
        try {
            assertThat(service("compute2").enabled()).isFalse();
            assertThat(service("compute2").disabledReason()).isEqualTo("godwit: emptied");
        } finally {
            nova.hosts().setEnabled(before.id(), true, null);
        }
        assertThat(service("compute2")).isEqualTo(before);
    }

    @Test
    void allResourcesAreListed() {
        Server db = server("db1");
        assertThat(db.domain()).startsWith("instance-");
        assertThat(db.metadata()).containsEntry("godwit:policy", "ensure_performance");
        assertThat(db.host()).isNotEqualTo(server("db2").host());
        assertThat(nova.servers()).contains(db);
        assertThat(nova.groups())
                .filteredOn(group -> group.id().equals(made.path("group").asText()))
                .singleElement()
                .satisfies(group -> {
                    assertThat(group.policy()).isEqualTo("anti-affinity");
                    assertThat(group.members()).containsExactlyInAnyOrder(id("db1"), id("db2"));
                });
        assertThat(nova.hosts().aggregates())
                .filteredOn(aggregate -> "fast".equals(aggregate.name()))
                .singleElement()
                .satisfies(aggregate -> {
                    assertThat(aggregate.hosts()).containsExactly("compute1");
                    assertThat(aggregate.metadata()).containsEntry("disk", "fast");
                });
        assertThat(nova.findServer("00000000-0000-4000-8000-000000000000")).isEmpty();
    }

    @Test
    void placementHasAllocatedTheFlavorOfEachServer() {
        Server db = server("db1");
        assertThat(nova.flavors()).contains(db.flavor());
        Hypervisor hypervisor = nova.hosts().hypervisors().stream()
                .filter(each -> each.host().equals(db.host()))
                .findFirst()
                .orElseThrow();
        assertThat(hypervisor.type()).isEqualTo("QEMU");
        ResourceProvider provider = placement.findProvider(hypervisor.id()).orElseThrow();
        assertThat(provider.allocations().get(db.id()))
                .containsEntry("VCPU", (long) db.flavor().vcpus())
                .containsEntry("MEMORY_MB", db.flavor().memoryMebibytes());
        assertThat(provider.inventories().get("VCPU").capacity())
                .isGreaterThanOrEqualTo(provider.inventories().get("VCPU").total());
    }

    @Test
    void aServerIsMigrated() throws Exception {
        String source = server("busy").host();
        Instant begun = Instant.now().minusSeconds(2); // Nova's times have no fractions
        nova.liveMigrate(id("busy"), null);
        await(
                "the server on another host",
                () -> server("busy").status().equals("ACTIVE")
                        && !server("busy").host().equals(source)
                        && nova.liveMigrations().running(id("busy")).isEmpty());
        assertThat(nova.moves().since(begun)).anySatisfy(move -> {
            assertThat(move.server()).isEqualTo(id("busy"));
            assertThat(move.source()).isEqualTo(source);
            assertThat(move.destination()).isEqualTo(server("busy").host());
            assertThat(move.runs()).isFalse();
            assertThat(move.at()).isAfter(begun);
        });
    }

    @Test
    void aRunningMigrationIsAbortedOrForcedToComplete() throws Exception {
        String source = server("busy").host();
        String destination = "compute1".equals(source) ? "compute2" : "compute1";
        // The guest writes faster than this.
        shape(destination, "100mbit");
        try {
            ServerMigration aborted = running(destination);
            assertThat(aborted.source()).isEqualTo(source);
            assertThat(aborted.destination()).isEqualTo(destination);
            nova.liveMigrations().abort(id("busy"), aborted.id());
            await(
                    "no migration",
                    () -> nova.liveMigrations().running(id("busy")).isEmpty());
            await("an idle server", () -> "ACTIVE".equals(server("busy").status()));
            assertThat(server("busy").host()).isEqualTo(source);

            nova.liveMigrations().forceComplete(id("busy"), running(destination).id());
            await(
                    "the server on its destination",
                    () -> destination.equals(server("busy").host()));
        } finally {
            shape(destination, LINK);
        }
        await("an idle server", () -> "ACTIVE".equals(server("busy").status()));
    }

    /** Changes the rate of the link that devstack/openstack has set up. */
    private static void shape(String link, String rate) throws Exception {
        run("tc", "qdisc", "replace", "dev", link, "root", "tbf", "rate", rate, "burst", "256kb", "latency", "20ms");
    }

    /**
     * Returns a migration that is sending memory. Nova accepts a migration while libvirt is still ending the aborted job, and then fails
     * it; a failed migration is requested again.
     */
    private static ServerMigration running(String destination) throws InterruptedException {
        AtomicReference<ServerMigration> found = new AtomicReference<>();
        await("a migration that sends", () -> {
            List<ServerMigration> migrations = nova.liveMigrations().running(id("busy"));
            if (migrations.isEmpty() && "ACTIVE".equals(server("busy").status())) {
                nova.liveMigrate(id("busy"), destination);
            }
            migrations.stream()
                    .filter(each -> "running".equals(each.status()) && each.memoryProcessed() > 0)
                    .filter(each -> destination.equals(each.destination()))
                    .findFirst()
                    .ifPresent(found::set);
            return found.get() != null;
        });
        return found.get();
    }

    @Test
    void refusalsOfNovaContainTheReason() {
        assertThatThrownBy(() -> nova.liveMigrate(id("db1"), "nowhere"))
                .isInstanceOf(OpenStackException.class)
                .hasMessageContaining("400")
                .hasMessageContaining("Compute host nowhere could not be found.");
        assertThatThrownBy(() -> nova.liveMigrations().abort(id("db1"), 4711))
                .isInstanceOfSatisfying(
                        OpenStackException.class,
                        refused -> assertThat(refused.status()).isEqualTo(409));
        assertThat(nova.hosts().services().stream().map(ComputeService::host).collect(Collectors.toSet()))
                .contains("compute1");
    }
}
