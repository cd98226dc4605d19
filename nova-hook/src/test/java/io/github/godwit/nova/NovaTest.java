package io.github.godwit.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.nova.Nova.Flavor;
import io.github.godwit.nova.Nova.Server;
import io.github.godwit.nova.Nova.Zone;
import io.github.godwit.nova.NovaHosts.ComputeService;
import io.github.godwit.nova.NovaHosts.Hypervisor;
import io.github.godwit.nova.NovaLiveMigrations.MigrationRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests with recorded answers of Nova; {@link NovaIT} uses a real Nova. */
@Timeout(30)
class NovaTest {

    private static final String SERVICES = "GET /os-services?binary=nova-compute";
    private static final String DB1 = "d8e4c7d7-ece7-42bd-977a-0c768490f9d9";

    private final FakeOpenStack cloud = new FakeOpenStack();
    private final Nova nova = new Nova(cloud.session());

    @AfterEach
    void stop() {
        cloud.close();
    }

    @Test
    void listsAreRead() {
        cloud.with(SERVICES, "services.json")
                .with("GET /os-aggregates", "aggregates.json")
                .with("GET /os-server-groups?all_projects=true&limit=500&offset=0", "groups.json")
                .with("GET /servers/detail?all_tenants=true&limit=500", "servers.json");
        assertThat(nova.hosts().services())
                .containsExactly(
                        new ComputeService(
                                "9a26192d-2ccd-4f0a-9fed-3eaf9018146f", "compute1", "nova", true, true, null),
                        new ComputeService(
                                "8568c7b7-b3a0-49b2-8ed1-7513cab45a44", "compute2", "nova", true, true, null));
        assertThat(nova.hosts().aggregates().get(0).hosts()).containsExactly("compute1");
        assertThat(nova.groups().get(0).members()).contains(DB1);
        assertThat(nova.servers())
                .contains(new Server(
                        "e6d74cf1-2124-47b4-99bc-5f2c58c9aab1",
                        "db2",
                        "instance-00000003",
                        "compute1",
                        "e59c4fc1e71348ad903baefe2a51b0c5",
                        "ACTIVE",
                        null,
                        false,
                        Map.of("godwit:policy", "ensure_performance"),
                        new Flavor("small", 1, 256, 0, 0, 0, Map.of()),
                        new Zone("nova", null, false),
                        true,
                        "compute1",
                        List.of()));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 100, 3})
    void longListsAreReadPageByPageHoweverShortNovaMakesThem(int limit) {
        cloud.with("GET /servers/detail?all_tenants=true&limit=500", 200, page(0, limit));
        cloud.with(
                        "GET /servers/detail?all_tenants=true&limit=500&marker=s%d".formatted(limit - 1),
                        200,
                        page(limit, 2))
                .with(
                        "GET /servers/detail?all_tenants=true&limit=500&marker=s%d".formatted(limit + 1),
                        200,
                        page(limit + 2, 1));
        assertThat(nova.servers())
                .extracting(Server::id)
                .doesNotHaveDuplicates()
                .hasSize(limit + 3);
    }

    @Test
    void aServerWhoseCellDoesNotAnswerIsNoServerWithoutAHost() {
        cloud.with("GET /servers/" + DB1, "api-samples/server-2.69.json");
        assertThatThrownBy(() -> nova.findServer(DB1))
                .isInstanceOfSatisfying(
                        OpenStackException.class,
                        failure -> assertThat(failure.status()).isEqualTo(OpenStackException.NO_ANSWER))
                .hasMessage(
                        "Nova does not know the state of server %s, because its cell does not answer.".formatted(DB1));
    }

    @Test
    void hostsHaveTheNamesThatAreSet() {
        nova.useNames(new HostNaming() {
            @Override
            public String ofNova(String host) {
                return host + ".example.org";
            }

            @Override
            public String toNova(String host) {
                return host.substring(0, host.indexOf('.'));
            }
        });
        String record = """
                {"migrations": [{"id": 7, "instance_uuid": "a", "status": "running", "source_compute": "compute1",
                 "dest_compute": null}]}""";
        cloud.with(SERVICES, "services.json")
                .with("GET /os-aggregates", "aggregates.json")
                .with("GET /os-hypervisors/detail?limit=500", "hypervisors.json")
                .with("GET /servers/detail?all_tenants=true&limit=500", "servers.json")
                .with("GET /os-migrations?host=compute1&limit=100&migration_type=live-migration", 200, record)
                .with("POST /servers/a/action", 202, "");
        String full = "compute1.example.org";
        assertThat(nova.hosts().services()).extracting(ComputeService::host).contains(full);
        assertThat(nova.hosts().aggregates().get(0).hosts()).containsExactly(full);
        assertThat(nova.hosts().hypervisors()).extracting(Hypervisor::host).contains(full);
        assertThat(nova.servers()).extracting(Server::host).contains(full);
        assertThat(nova.liveMigrations().ofHost(full))
                .containsExactly(new MigrationRecord(7, "a", "running", full, null));
        nova.liveMigrate("a", full);
        nova.coldMigrate("a", full);
        assertThat(cloud.requests()
                        .subList(cloud.requests().size() - 2, cloud.requests().size()))
                .allMatch(request -> request.contains("\"host\":\"compute1\""));
        assertThat(nova.hosts().hostNames())
                .isEqualTo(Map.of("compute1", Set.of("compute1"), "compute2", Set.of("compute2")));
    }

    private static String page(int from, int size) {
        return IntStream.range(from, from + size)
                .mapToObj(number -> "{\"id\": \"s%d\", \"metadata\": {}}".formatted(number))
                .collect(Collectors.joining(", ", "{\"servers\": [", "]}"));
    }

    @Test
    void anExpiredTokenIsRenewed() {
        cloud.with(SERVICES, "services.json");
        nova.hosts().services();
        nova.hosts().services();
        assertThat(cloud.tokensIssued()).isEqualTo(1);
        cloud.endTokens();
        assertThat(nova.hosts().services()).hasSize(2);
        assertThat(cloud.tokensIssued()).isEqualTo(2);
        nova.hosts().services();
        assertThat(cloud.tokensIssued()).isEqualTo(2);
    }

    @Test
    void aTokenIsRenewedBeforeItExpires() {
        cloud.with(SERVICES, "services.json");
        cloud.tokensLast(Duration.ofSeconds(20));
        nova.hosts().services();
        nova.hosts().services();
        assertThat(cloud.tokensIssued()).isEqualTo(2);
        cloud.tokensLast(Duration.ofMinutes(10));
        nova.hosts().services();
        nova.hosts().services();
        assertThat(cloud.tokensIssued()).isEqualTo(3);
    }

    @Test
    void aMigrationIsRequestedWithTheMicroversion() {
        String request = "POST /servers/%s/action".formatted(DB1);
        cloud.with(request, 202, "");
        nova.liveMigrate(DB1, "compute2");
        assertThat(cloud.requests())
                .containsExactly(request
                        + " compute 2.79 {\"os-migrateLive\":{\"host\":\"compute2\",\"block_migration\":\"auto\"}}");
    }

    @Test
    void serversAreStoppedStartedAndMigratedColdByTheirActions() {
        String request = "POST /servers/%s/action".formatted(DB1);
        cloud.with(request, 202, "");
        nova.stop(DB1);
        nova.start(DB1);
        nova.coldMigrate(DB1, null);
        nova.coldMigrate(DB1, "compute2");
        nova.confirmMigration(DB1);
        assertThat(cloud.requests())
                .containsExactly(
                        request + " compute 2.79 {\"os-stop\":null}",
                        request + " compute 2.79 {\"os-start\":null}",
                        request + " compute 2.79 {\"migrate\":null}",
                        request + " compute 2.79 {\"migrate\":{\"host\":\"compute2\"}}",
                        request + " compute 2.79 {\"confirmResize\":null}");
    }

    @Test
    void aRefusalContainsNovasReason() {
        cloud.with("POST /servers/%s/action".formatted(DB1), 400, """
                {"badRequest": {"code": 400, "message": "Compute host nowhere could not be found."}}""");
        assertThatThrownBy(() -> nova.liveMigrate(DB1, "nowhere"))
                .isInstanceOf(OpenStackException.class)
                .hasMessage(
                        "OpenStack answered 400 to POST /servers/%s/action: Compute host nowhere could not be found."
                                .formatted(DB1));
        assertThat(nova.findServer("gone")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "403, forbidden, Policy does not allow os_compute_api:os-migrate-server:migrate_live to be performed.",
        "409, conflictingRequest, Cannot migrate the instance while it is in task_state migrating",
        "500, computeFault, Unexpected API Error."
    })
    void aFaultContainsItsStatusAndNovasReason(int status, String kind, String reason) {
        String request = "POST /servers/%s/action".formatted(DB1);
        cloud.with(request, status, "{\"%s\": {\"code\": %d, \"message\": \"%s\"}}".formatted(kind, status, reason));

        assertThatThrownBy(() -> nova.liveMigrate(DB1, "compute2"))
                .isInstanceOfSatisfying(
                        OpenStackException.class,
                        fault -> assertThat(fault.status()).isEqualTo(status))
                .hasMessage("OpenStack answered %d to %s: %s".formatted(status, request, reason));
    }

    @Test
    void aProxysErrorIsReportedWithTheBeginningOfItsPage() {
        cloud.with(SERVICES, 502, "<html>Bad gateway</html>" + "x".repeat(1000));

        assertThatThrownBy(nova.hosts()::services)
                .isInstanceOf(OpenStackException.class)
                .hasMessageStartingWith("OpenStack answered 502 to GET /os-services: <html>Bad gateway</html>x")
                .hasMessageEndingWith("x …");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>hello</html>", "{\"services\": ["})
    void aResponseThatIsNotJsonIsReported(String body) {
        cloud.with(SERVICES, 200, body);

        assertThatThrownBy(nova.hosts()::services)
                .isInstanceOf(OpenStackException.class)
                .hasMessage("The response of OpenStack is not JSON.");
    }

    @Test
    void aNovaThatIsTooSlowIsReported() {
        CountDownLatch never = new CountDownLatch(1);
        cloud.with(SERVICES, exchange -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Nova impatient = new Nova(cloud.session(Duration.ofMillis(500)));

        assertThatThrownBy(impatient.hosts()::services)
                .isInstanceOfSatisfying(
                        OpenStackException.class,
                        failure -> assertThat(failure.status()).isEqualTo(OpenStackException.NO_ANSWER));
    }

    @Test
    void anOldNovaDoesNotReportPinnedZones() {
        String servers = "GET /servers/detail?all_tenants=true&limit=500";
        cloud.with(servers, 200, """
                {"servers": [{"id": "s", "OS-EXT-AZ:availability_zone": "az1", "pinned_availability_zone": null}]}""");
        assertThat(nova.servers()).extracting(Server::zone).containsExactly(new Zone("az1", null, true));
        assertThat(cloud.requests()).allMatch(request -> request.contains("compute 2.96"));

        cloud.refuses("compute 2.96").with(servers, 200, """
                {"servers": [{"id": "s", "OS-EXT-AZ:availability_zone": "az1"}]}""");
        assertThat(nova.servers()).extracting(Server::zone).containsExactly(new Zone("az1", null, false));
        assertThat(cloud.requests()).last().asString().contains("compute 2.79");
    }

    @Test
    void theDisksOnItsHostAreThoseThatAreNoVolumes() {
        cloud.with("GET /servers/a", 200, """
                {"server": {"id": "a", "image": {"id": "i"}, "flavor": {"disk": 20, "ephemeral": 5, "swap": 512}}}""").with("GET /servers/b", 200, """
                {"server": {"id": "b", "image": "", "flavor": {"disk": 20, "ephemeral": 0, "swap": 0}}}""");
        assertThat(nova.findServer("a").orElseThrow().localDiskBytes()).isEqualTo((25L << 30) + (512L << 20));
        assertThat(nova.findServer("b").orElseThrow().localDiskBytes()).isZero();
    }

    @Test
    void theErrorOfAMigrationIsAmongTheEventsOfTheServer() {
        String actions = "GET /servers/%s/os-instance-actions".formatted(DB1);
        cloud.with(actions, 200, """
                {"instanceActions": [{"action": "reboot", "request_id": "req-3"},
                 {"action": "live-migration", "request_id": "req-2"}, {"action": "live-migration", "request_id": "req-1"}]}""").with(actions + "/req-2", 200, """
                {"instanceAction": {"events": [{"event": "compute_check", "result": "Success", "details": null},
                 {"event": "conductor_live_migrate_instance", "result": "Error",
                  "details": "No valid host was found. There are not enough hosts available."}]}}""");
        assertThat(nova.migrationError(DB1)).contains("No valid host was found. There are not enough hosts available.");
        assertThat(cloud.requests()).allMatch(request -> request.contains("compute 2.84"));
    }

    @Test
    void theRecordsOfMigrationsAreRead() {
        cloud.with(
                "GET /os-migrations?instance_uuid=%s&limit=100&migration_type=live-migration".formatted(DB1),
                200,
                """
                {"migrations": [{"id": 7, "instance_uuid": "%s", "status": "running (post-copy)", "source_compute": "compute2",
                 "dest_compute": "compute1"}]}""".formatted(DB1));
        assertThat(nova.liveMigrations().of(DB1))
                .containsExactly(new MigrationRecord(7, DB1, "running (post-copy)", "compute2", "compute1"))
                .noneMatch(MigrationRecord::abortable)
                .allMatch(MigrationRecord::postCopy);
    }

    @Test
    void anUnreachableCloudIsReported() {
        cloud.close();
        assertThatThrownBy(nova.hosts()::services)
                .isInstanceOfSatisfying(
                        OpenStackException.class,
                        failure -> assertThat(failure.status()).isEqualTo(OpenStackException.NO_ANSWER));
    }
}
