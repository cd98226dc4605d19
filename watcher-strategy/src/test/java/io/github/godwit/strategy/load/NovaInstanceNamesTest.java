package io.github.godwit.strategy.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.nova.FakeOpenStack;
import io.github.godwit.nova.Nova;
import io.github.godwit.nova.OpenStackSession;
import io.github.godwit.nova.OpenStackUser;
import io.github.godwit.strategy.cluster.DrawnCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NovaInstanceNamesTest {

    private static final String SERVERS = "GET /servers/detail?all_tenants=true&limit=500";

    private final FakeOpenStack cloud = new FakeOpenStack();
    private Instant now = Instant.parse("2026-11-30T12:00:00Z");
    private final NovaInstanceNames names = new NovaInstanceNames(
            new Nova(new OpenStackSession(
                    cloud.keystone(),
                    new OpenStackUser("watcher", "secret", "Default", "service", "Default"),
                    Duration.ofSeconds(5))),
            () -> now);

    @AfterEach
    void stop() {
        cloud.close();
    }

    private static List<VmStatus> vms(String... names) {
        return DrawnCluster.draw("host h1\nvm " + String.join("\nvm ", names)).vms();
    }

    private void servers(String... records) {
        cloud.with(SERVERS, 200, "{\"servers\": [%s]}".formatted(String.join(", ", records)));
    }

    /** How often the list was read; Nova is also asked for what comes after its last server. */
    private long readings() {
        return cloud.requests().stream()
                .filter(request -> !request.contains("marker="))
                .count();
    }

    private static String server(String id, String domain) {
        return "{\"id\": \"%s\", \"OS-EXT-SRV-ATTR:instance_name\": \"%s\", \"metadata\": {}}".formatted(id, domain);
    }

    @Test
    void novaIsAskedOnlyForVmsThatAreNew() {
        servers(server("a", "instance-00000001"), server("b", "instance-00000002"));
        assertThat(names.of(vms("a"))).containsEntry("a", "instance-00000001");
        assertThat(names.of(vms("a", "b"))).containsEntry("b", "instance-00000002");
        assertThat(readings()).isEqualTo(1);

        servers(server("a", "instance-00000001"), server("c", "instance-00000003"));
        assertThat(names.of(vms("a", "c"))).containsEntry("c", "instance-00000003");
        assertThat(readings()).isEqualTo(2);
    }

    @Test
    void aVmThatNovaDoesNotKnowIsAskedForAgainAfterAWhile() {
        servers(server("a", "instance-00000001"));
        names.of(vms("a", "stray"));
        names.of(vms("a", "stray"));
        assertThat(readings()).isEqualTo(1);
        now = now.plus(Duration.ofMinutes(6));
        names.of(vms("a", "stray"));
        assertThat(readings()).isEqualTo(2);
    }

    /** A cell that is down leaves the name out. */
    @Test
    void aRecordWithoutANameIsNone() {
        servers("{\"id\": \"a\", \"status\": \"UNKNOWN\"}");
        assertThat(names.of(vms("a"))).isEmpty();
    }

    @Test
    void withoutNovaTheNamesThatWereKnownRemain() {
        servers(server("a", "instance-00000001"));
        names.of(vms("a"));
        cloud.with(SERVERS, 500, "{}");
        assertThat(names.of(vms("a", "b"))).containsEntry("a", "instance-00000001");
    }
}
