package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.common.PrivateFile;
import io.github.godwit.common.tls.TlsFiles;
import io.github.godwit.nova.OpenStackUser;
import io.github.godwit.strategy.access.AccessRules;
import io.github.godwit.strategy.auth.KeystoneTerms;
import io.github.godwit.strategy.plan.Racks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceConfigTest {

    private static final String LEAST = """
            auth: {mode: noauth}
            database: {url: "jdbc:h2:mem:x"}
            hosts: ["http://10.0.0.1:9622"]
            """;

    @TempDir
    private Path directory;

    private ServiceConfig read(String yaml) throws IOException {
        return ServiceConfig.read(Files.writeString(directory.resolve("strategy.yaml"), yaml));
    }

    @Test
    void missingKeysHaveDefaults() throws IOException {
        ServiceConfig config = read(LEAST);
        assertThat(config.listen().getPort()).isEqualTo(9322);
        assertThat(config.pace()).isEqualTo(Tasks.Pace.DEFAULT);
        assertThat(config.pace().keep()).isEqualTo(Keep.all(Duration.ofDays(90)));
        assertThat(config.trailFile()).isNull();
        assertThat(config.longestMigration()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void whatHasEndedMayBeKeptForEver() throws IOException {
        assertThat(read(LEAST + "tasks: {retention_days: 0}\n").pace().keep()).isEqualTo(Keep.all(Duration.ZERO));
    }

    @Test
    void auditsPlansOutcomesAndTheTrailAreKeptForTimesOfTheirOwn() throws IOException {
        Keep keep = read(LEAST + """
                tasks: {retention_days: 30, audit_retention_days: 7, outcome_retention_days: 365, trail_retention_days: 0}
                """).pace().keep();
        assertThat(keep)
                .isEqualTo(new Keep(Duration.ofDays(7), Duration.ofDays(30), Duration.ofDays(365), Duration.ZERO));
    }

    @Test
    void namesOfThisMachineAreReadAsAList() throws IOException {
        ServiceConfig config =
                read(LEAST.replace("noauth}", "noauth, host_names: [controller1]}") + "trail_file: /t\n");
        assertThat(config.hostNames()).containsExactly("controller1");
        assertThat(config.trailFile()).isEqualTo(Path.of("/t"));
        assertThatThrownBy(() -> read(LEAST.replace("noauth}", "noauth, host_names: controller1}")))
                .hasMessageContaining("auth.host_names (\"controller1\") must be a list of names");
        assertThatThrownBy(() -> read(LEAST.replace("noauth}", "noauth, policy_file: /p}")))
                .hasMessageContaining("with auth.mode noauth nobody has roles");
    }

    @Test
    void itObservesOnlyIfItIsToldTo() throws IOException {
        assertThat(read(LEAST).observe()).isFalse();
        assertThat(read(LEAST + "observe: true\n").observe()).isTrue();
        assertThatThrownBy(() -> read(LEAST + "observe: maybe\n"))
                .hasMessageContaining("observe (\"maybe\") must be true or false.");
    }

    @Test
    void racksAndTheLinksBetweenThemAreRead() throws IOException {
        Racks racks = read(LEAST + """
                racks: {a: [h1, h2], b: [h3]}
                rack_links:
                  - {between: [a, b], megabits: 10000}
                  - {uplink: a, megabits: 2500}
                """).racks();
        assertThat(racks.of("h3")).isEqualTo("b");
        assertThat(racks.of("h9")).isEmpty();
        assertThat(racks.between("h1", "h2")).isEmpty();
        assertThat(racks.between("h1", "h3"))
                .extracting(link -> link.capacity().megabits())
                .containsExactlyInAnyOrder(10000.0, 2500.0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "racks: {a: [h1], b: [h1]}                                  | Host 'h1' is in racks",
                "racks: {a: h1}                                             | racks.a (\"h1\") must be a list of names of hosts.",
                "rack_links: [{uplink: a, megabits: 10}]                    | A link names rack 'a', which has no hosts.",
                "rack_links: [{between: [a], megabits: 10}]                 | must be a list of {between: [RACK, RACK], megabits: RATE}",
                "rack_links: [{between: [a, b]}]                            | must be a list of {between: [RACK, RACK], megabits: RATE}",
                "rack_links: [{between: [a, b], megabits: 1, rate: 2}]      | must be a list of {between: [RACK, RACK], megabits: RATE}",
            })
    void wrongRacksAreRefused(String yaml, String message) {
        assertThatThrownBy(() -> read(LEAST + yaml)).hasMessageContaining(message);
    }

    @Test
    void secretsAreReadFromFiles() throws IOException {
        Path secret = PrivateFile.write(directory.resolve("secret"), "s3cret\n");
        ServiceConfig config = read("""
                auth: {mode: noauth}
                database: {url: "jdbc:mariadb://db/godwit", user: godwit, password: {file: "%s"}}
                hosts: ["http://10.0.0.1:9622"]
                """.formatted(secret));
        assertThat(config.databasePassword()).isEqualTo("s3cret");
        assertThat(config.toString()).doesNotContain("s3cret");
    }

    @Test
    void secretsThatOthersCanReadAreRefused() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "s3cret");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> read(LEAST + "host_token: {file: \"%s\"}\n".formatted(secret)))
                .hasMessageContainingAll("The host_token in " + secret, "chmod 600")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void aCertificateIsForTheOwnPortTooUnlessAProxySpeaksTls() throws IOException {
        assertThat(read(LEAST).transport()).isEqualTo(Transport.PLAIN);
        Optional<TlsFiles> files = Optional.of(new TlsFiles(
                Path.of("/etc/godwit/a.pem"), Path.of("/etc/godwit/a.key"), Path.of("/etc/godwit/ca.pem")));
        String tls = "tls: {certificate: /etc/godwit/a.pem, key: /etc/godwit/a.key, ca: /etc/godwit/ca.pem%s}\n";
        assertThat(read(LEAST + tls.formatted("")).transport()).isEqualTo(new Transport(files, true, false));
        assertThat(read(LEAST + tls.formatted(", own_port: false") + "enable_proxy_headers_parsing: true\n")
                        .transport())
                .isEqualTo(new Transport(files, false, true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lisen: 127.0.0.1:1       | There is no key 'lisen'. Do you mean 'listen'?",
                "tasks: {heartbeat: 1}    | There is no key 'heartbeat' under tasks. Do you mean 'heartbeat_seconds'?",
                "tasks: {heartbeat_seconds: 0} | tasks.heartbeat_seconds (0) must be a whole number, at least 1.",
                "tasks: {retention_days: -1} | tasks.retention_days (-1) must be a whole number, at least 0.",
                "nova: perhaps            | nova (\"perhaps\") must be true or false",
                "nova: true               | nova is true, but auth.mode is not keystone",
                "listen: here             | 'here' is not an address to listen on. Write ADDR:PORT, for example 127.0.0.1:9322.",
                "listen: 0.0.0.0:9322     | /0.0.0.0:9322 can be reached from other hosts",
                "tls: {certificate: /a, key: /b} | The key tls.ca is missing.",
                "tls: {certificat: /a}    | There is no key 'certificat' under tls. Do you mean 'certificate'?",
                "tls: {certificate: /a, key: /b, ca: /c, own_port: 1} | own_port (1) must be true or false.",
                "enable_proxy_headers_parsing: 1 | enable_proxy_headers_parsing (1) must be true or false.",
                "host_token: abc          | host_token must not be in this file: write {file: PATH} or {env: VARIABLE}."
            })
    void invalidValuesAreRefusedWithTheKey(String line, String message) {
        assertThatThrownBy(() -> read(LEAST + line + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aFileThatIsNotAConfigurationIsRefused() {
        assertThatThrownBy(() -> read("- 1\n")).hasMessageContaining("must contain keys and values");
        assertThatThrownBy(() -> read("a: [")).hasMessageContaining("is not YAML");
        assertThatThrownBy(() -> read("auth: {mode: key}"))
                .hasMessageContaining("auth.mode is 'key'; it must be keystone or noauth");
    }

    @Test
    void keystoneDefaultsAreThoseOfWatcher() throws IOException {
        Path secret = PrivateFile.write(directory.resolve("secret"), "s3cret\n");
        String least = """
                listen: 0.0.0.0:9322
                database: {url: "jdbc:h2:mem:x"}
                hosts: ["http://10.0.0.1:9622"]
                auth: {mode: keystone, url: "http://10.0.0.1:5000/v3", user: watcher, password: {file: "%s"}%s}
                """;
        KeystoneTerms defaultQuery = read(least.formatted(secret, "")).keystone();
        assertThat(defaultQuery.self())
                .isEqualTo(new OpenStackUser("watcher", "s3cret", "Default", "service", "Default"));
        assertThat(defaultQuery.rules()).isEqualTo(AccessRules.SHIPPED);
        assertThat(defaultQuery.cache()).isEqualTo(Duration.ofMinutes(5));
        assertThat(defaultQuery.toString()).doesNotContain("s3cret");
        Path policy = Files.writeString(directory.resolve("policy.yaml"), "\"admin_api\": \"role:operator\"\n");
        KeystoneTerms own = read(least.formatted(
                        secret, ", policy_file: '%s', token_cache_seconds: 60".formatted(policy)))
                .keystone();
        assertThat(own.rules().allow("audit:create", Set.of("operator"))).isTrue();
        assertThat(own.rules().allow("audit:create", Set.of("admin"))).isFalse();
        assertThat(own.cache()).isEqualTo(Duration.ofMinutes(1));
        assertThatThrownBy(() -> read(least.formatted(secret, ", policy_file: '%s/none'".formatted(directory))))
                .hasMessageContaining("The policy file %s/none cannot be read".formatted(directory));
        assertThatThrownBy(() -> read(least.formatted(secret, ", roles: [operator]")))
                .hasMessageContaining("There is no key 'roles' under auth.");
        assertThatThrownBy(() -> read("auth: {mode: keystone, url: 'x', user: a}"))
                .hasMessageContaining("auth.password is missing");
    }
}
