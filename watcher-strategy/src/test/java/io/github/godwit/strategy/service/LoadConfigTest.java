package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.common.PrivateFile;
import io.github.godwit.nova.AetosAccess;
import io.github.godwit.nova.PrometheusAccess;
import io.github.godwit.strategy.load.DefaultQueries;
import io.github.godwit.strategy.load.LoadMetric;
import io.github.godwit.strategy.load.LoadSource;
import io.github.godwit.strategy.load.PrometheusTerms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadConfigTest {

    private static final String PROMETHEUS = "source: prometheus, url: \"http://monitor:9090\"";

    @TempDir
    private Path directory;

    private LoadSource read(String load) throws IOException {
        return config("auth: {mode: noauth}", load).load();
    }

    private LoadSource aetos(String load) throws IOException {
        Path secret = PrivateFile.write(directory.resolve("secret"), "s3cret\n");
        String auth = "auth: {mode: keystone, url: 'http://10.0.0.1:5000/v3', user: watcher, password: {file: '%s'}}";
        return config(auth.formatted(secret), load).load();
    }

    private ServiceConfig config(String auth, String load) throws IOException {
        return ServiceConfig.read(Files.writeString(directory.resolve("strategy.yaml"), """
                %s
                database: {url: "jdbc:h2:mem:x"}
                hosts: ["http://10.0.0.1:9622"]
                load: {%s}
                """.formatted(auth, load)));
    }

    @Test
    void loadIsThatOfTheHostDriversUnlessConfigured() throws IOException {
        assertThat(read("")).isNull();
        assertThat(read("source: host_drivers")).isNull();
    }

    @Test
    void prometheusIsAskedTheDefaultQueriesAndOwnOnes() throws IOException {
        LoadSource load = read(PROMETHEUS);
        assertThat(load.terms()).isEqualTo(PrometheusTerms.of(DefaultQueries.STANDARD));
        assertThat(load.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(load.direct().grant().url()).hasHost("monitor");
        PrometheusTerms own = read(PROMETHEUS + ", queries: {vm_cpu: my_cpu, vm_memory: null, vm_receive: ''}")
                .terms();
        assertThat(own.queries())
                .containsEntry(LoadMetric.VM_CPU, "my_cpu")
                .containsEntry(
                        LoadMetric.HOST_CPU, DefaultQueries.STANDARD.all().get(LoadMetric.HOST_CPU))
                .doesNotContainKeys(LoadMetric.VM_MEMORY, LoadMetric.VM_RECEIVE);
    }

    @Test
    void labelsAreOneOrSeveralAndInfoMetricsCanBeLeftOut() throws IOException {
        PrometheusTerms terms = read(PROMETHEUS + ", host_label: fqdn, vm_label: [vm_id, domain], vm_info: null")
                .terms();
        assertThat(terms.hostLabels()).containsExactly("fqdn");
        assertThat(terms.vmLabels()).containsExactly("vm_id", "domain");
        assertThat(terms.vmInfo()).isEmpty();
        assertThat(terms.hostInfo()).isEqualTo("node_uname_info");
    }

    @Test
    void rangeAndMatchersAreThoseOfAllDefaultQueries() throws IOException {
        PrometheusTerms terms = read(PROMETHEUS + ", range: 2m, match: 'cluster=\"prod\", replica!=\"b\"'")
                .terms();
        assertThat(terms.window()).isEqualTo(Duration.ofMinutes(2));
        assertThat(terms.queries().values())
                .allSatisfy(query -> assertThat(query).contains("cluster=\"prod\", replica!=\"b\"}"));
        assertThat(terms.hostInfo()).isEqualTo("node_uname_info{cluster=\"prod\", replica!=\"b\"}");
    }

    @Test
    void theExporterOfVmsDeterminesQueriesAndLabels() throws IOException {
        PrometheusTerms terms = read(PROMETHEUS + ", vm_exporter: ceilometer").terms();
        assertThat(terms.vmLabels()).startsWith("resource");
        assertThat(terms.vmInfo()).isEmpty();
        assertThat(terms.queries().get(LoadMetric.VM_CPU)).contains("ceilometer_cpu[15m]");
        assertThat(terms.queries()).doesNotContainKey(LoadMetric.VM_MEMORY);
    }

    @Test
    void secretsAreSentAndNotShown() throws IOException {
        Path secret = PrivateFile.write(directory.resolve("key"), "s3cret\n");
        LoadSource basic = read(PROMETHEUS + ", user: admin, password: {file: '%s'}".formatted(secret));
        PrometheusAccess.Grant grant = basic.direct().grant();
        assertThat(grant.header()).isEqualTo("Authorization");
        assertThat(grant.secret()).isEqualTo("Basic YWRtaW46czNjcmV0");
        assertThat(grant.toString() + basic).doesNotContain("YWRtaW46czNjcmV0");
        LoadSource bearer = read(PROMETHEUS + ", token: {file: '%s'}".formatted(secret));
        assertThat(bearer.direct().grant().secret()).isEqualTo("Bearer s3cret");
        assertThat(bearer.toString()).doesNotContain("s3cret");
    }

    @Test
    void aetosIsFoundInTheCatalogAndHasCeilometersSeries() throws IOException {
        LoadSource load = aetos("source: aetos");
        assertThat(load.needsKeystone()).isTrue();
        assertThat(load.aetos()).isEqualTo(new AetosAccess.Choice("public", null, null));
        assertThat(load.terms().vmLabels()).startsWith("resource");
        LoadSource own = aetos("source: aetos, interface: internal, region: R1, vm_exporter: libvirt");
        assertThat(own.aetos()).isEqualTo(new AetosAccess.Choice("internal", "R1", null));
        assertThat(own.terms().vmLabels()).contains("domain");
        assertThatThrownBy(() -> read("source: aetos"))
                .hasMessageContaining("load.source is aetos, but auth.mode is not keystone.");
        assertThatThrownBy(() -> aetos("source: aetos, token: {env: HOME}"))
                .hasMessage("load.token has no meaning with load.source aetos. Remove it.");
        assertThatThrownBy(() -> aetos("source: aetos, interface: private"))
                .hasMessage("load.interface is 'private'; it must be one of public, internal, admin.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "source: prom                          | load.source is 'prom'; it must be host_drivers, prometheus or aetos.",
                "source: prometheus                    | The key load.url is missing.",
                "queries: {cpu: x}                     | no key 'cpu' under queries. Do you mean 'vm_cpu'?",
                "hostlabel: x                          | There is no key 'hostlabel' under load. Do you mean 'host_label'?",
            })
    void whatIsNoSourceIsRefused(String load, String message) {
        assertThatThrownBy(() -> read(load)).hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vm_exporter: kumina       | load.vm_exporter is 'kumina'; it must be libvirt or ceilometer.",
                "range: 5 minutes          | load.range (5 minutes) must be a duration of PromQL such as 10m.",
                "match: 'cluster=prod'     | load.match (cluster=prod) must be label matchers of PromQL",
                "match: 'a=\"b\"} or x{c=\"d\"' | must be label matchers of PromQL",
                "host_label: [a b]         | load.host_label ([\"a b\"]) must be the name of a label, or a list of such names.",
                "vm_label: []              | load.vm_label ([]) must be the name of a label",
                "user: admin               | load.user and load.password together",
                "region: R1                | load.region has no meaning with load.source prometheus. Remove it.",
            })
    void whatCannotBeAskedIsRefused(String more, String message) {
        assertThatThrownBy(() -> read(PROMETHEUS + ", " + more)).hasMessageContaining(message);
    }
}
