package io.github.godwit.host.nova.permit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.nova.NovaMessage;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.technique.MigrationLimits;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What nova.conf permits. */
class NovaConfigurationTest {

    private static final Set<Technique> POST_COPY = EnumSet.of(
            Technique.POST_COPY,
            Technique.PRE_POST_COPY,
            Technique.POST_COPY_PREEMPT,
            Technique.MULTIFD_POST_COPY,
            Technique.SCATTER_GATHER);

    private static NovaConfiguration configuration(
            boolean postCopy, boolean autoConverge, List<String> allow, List<String> forbid) {
        return new NovaConfiguration(
                postCopy, autoConverge, 500, 10, 75, 0, false, false, 1, "abort", 800, allow, forbid, true);
    }

    @ParameterizedTest(name = "post-copy {0}, auto-converge {1}, allow {2}, forbid {3}: {4}")
    @CsvSource(
            delimiter = '|',
            value = {
                // permitted   | [godwit] lists           | forbidden
                "false | false | ''       | ''          | POST PRE-POST THR POST-PREEMPT MULTIFD-POST SCATTER-GATHER",
                "true  | false | ''       | ''          | THR",
                "false | true  | ''       | ''          | POST PRE-POST POST-PREEMPT MULTIFD-POST SCATTER-GATHER",
                "true  | true  | ''       | ''          | ''",
                // Allowing beats the lack of a permission, and opens nothing else.
                "false | false | PRE-POST | ''          | POST THR POST-PREEMPT MULTIFD-POST SCATTER-GATHER",
                "false | false | thr,post | ''          | PRE-POST POST-PREEMPT MULTIFD-POST SCATTER-GATHER",
                "true  | true  | THR      | ''          | ''",
                // Forbidding beats everything, also what nova.conf has no option for.
                "true  | true  | ''       | POST,THR    | POST THR",
                "false | false | THR      | THR         | POST PRE-POST THR POST-PREEMPT MULTIFD-POST SCATTER-GATHER",
                "true  | true  | ''       | MULTIFD,PRE | PRE MULTIFD",
                // What nobody knows is ignored.
                "false | false | WARP     | WARP        | POST PRE-POST THR POST-PREEMPT MULTIFD-POST SCATTER-GATHER",
            })
    void techniquesAreForbidden(boolean postCopy, boolean autoConverge, String allow, String forbid, String expected) {
        Set<Technique> forbidden = configuration(postCopy, autoConverge, list(allow), list(forbid))
                .forbidden("compute1")
                .keySet();

        assertThat(forbidden.stream().map(Technique::id).collect(Collectors.joining(" ")))
                .isEqualTo(expected);
    }

    private static List<String> list(String ids) {
        return Arrays.stream(ids.split(",")).filter(id -> !id.isEmpty()).toList();
    }

    @Test
    void novasDefaultsPermitNeitherPostCopyNorThrottling() {
        Set<Technique> expected = EnumSet.copyOf(POST_COPY);
        expected.add(Technique.AUTO_CONVERGE);
        assertThat(NovaConfiguration.NOVA_DEFAULTS.forbidden("compute1")).containsOnlyKeys(expected);
        assertThat(NovaConfiguration.NOVA_DEFAULTS.limits())
                .isEqualTo(new MigrationLimits(Duration.ofMillis(500), null, 0, false));
        assertThat(NovaConfiguration.NOVA_DEFAULTS.silence()).isEmpty();
    }

    @Test
    void everyReasonNamesTheOption() {
        assertThat(configuration(false, false, List.of(), List.of("MULTIFD")).forbidden("compute1"))
                .containsEntry(
                        Technique.POST_COPY_PREEMPT,
                        "is not permitted by nova.conf of compute1: live_migration_permit_post_copy is False."
                                + " Add it to [godwit] allow_techniques to use it")
                .containsEntry(
                        Technique.AUTO_CONVERGE,
                        "is not permitted by nova.conf of compute1: live_migration_permit_auto_converge is False."
                                + " Add it to [godwit] allow_techniques to use it")
                .containsEntry(Technique.MULTIFD, "is forbidden by nova.conf of compute1: [godwit] forbid_techniques");
    }

    @Test
    void anUnknownTechniqueIsAnError() {
        assertThat(configuration(false, false, List.of("POST", "WARP"), List.of("BEAM"))
                        .errors())
                .hasSize(2)
                .anySatisfy(error -> assertThat(error)
                        .startsWith("[godwit] allow_techniques: There is no technique 'WARP'.")
                        .endsWith(" It is ignored."))
                .anySatisfy(error ->
                        assertThat(error).startsWith("[godwit] forbid_techniques: There is no technique 'BEAM'."));
        assertThat(NovaConfiguration.NOVA_DEFAULTS.errors()).isEmpty();
    }

    /** The names on the wire must not change: compute drivers of other versions use them. */
    @Test
    void theMessageOfAComputeDriverIsRead() throws IOException {
        NovaMessage message = read("""
                {"message": "ASK", "vm": "v", "destination": "compute2", "flags": 27, "technique": "!THR",
                 "flavor_technique": "!POST", "policy": "save_traffic", "flavor_policy": "reduced_downtime",
                 "configuration": {"permit_post_copy": true, "permit_auto_converge": true, "downtime": 400,
                  "downtime_steps": 5, "downtime_delay": 30, "bandwidth": 100, "with_native_tls": true,
                  "tunnelled": true, "parallel_connections": 4, "timeout_action": "force_complete",
                  "completion_timeout": 100, "allow_techniques": ["POST"], "forbid_techniques": ["THR"],
                  "enabled": false, "of_a_later_version": 1}}""");

        assertThat(message.flavorTechnique()).isEqualTo("!POST");
        assertThat(message.flavorPolicy()).isEqualTo("reduced_downtime");
        NovaConfiguration received = message.configuration();
        assertThat(received)
                .isEqualTo(new NovaConfiguration(
                        true,
                        true,
                        400,
                        5,
                        30,
                        100,
                        true,
                        true,
                        4,
                        "force_complete",
                        100,
                        List.of("POST"),
                        List.of("THR"),
                        false));
        assertThat(received.limits())
                .isEqualTo(new MigrationLimits(Duration.ofMillis(400), Bandwidth.ofBytesPerSecond(100 << 20), 4, true));
        assertThat(received.silence()).hasValue("[godwit] enabled is False in its nova.conf");
    }

    @Test
    void whatIsMissingIsAsByDefault() throws IOException {
        NovaConfiguration received =
                read("{\"message\": \"CONFIGURATION\", \"configuration\": {}}").configuration();

        assertThat(received.limits()).isEqualTo(NovaConfiguration.NOVA_DEFAULTS.limits());
        assertThat(received.forbidden("h")).isEqualTo(NovaConfiguration.NOVA_DEFAULTS.forbidden("h"));
        assertThat(received.silence()).isEmpty();
        assertThat(read("{\"message\": \"NOTICE\", \"vm\": \"v\"}").configuration())
                .isNull();
    }

    @Test
    void theMemoryThatIsKeptForTheHostIsRead() throws IOException {
        assertThat(read("{\"message\": \"CONFIGURATION\", \"configuration\": {\"reserved_host_memory_mb\": 4096}}")
                        .configuration()
                        .reservedHostMemoryMb())
                .isEqualTo(4096);
        assertThat(NovaConfiguration.NOVA_DEFAULTS.reservedHostMemoryMb()).isEqualTo(512);
    }

    @ParameterizedTest
    @CsvSource({"4, 4", "0, 0", "-3, 0"})
    void howManyMigrationsRunAtTheSameTimeIsRead(int sent, int read) throws IOException {
        assertThat(read("{\"message\": \"CONFIGURATION\", \"configuration\": {\"max_concurrent_live_migrations\": %d}}"
                                .formatted(sent))
                        .configuration()
                        .limits()
                        .maxConcurrent())
                .isEqualTo(read);
    }

    /** A compute driver of an older release does not say it, and then Nova's default need not hold. */
    @Test
    void howManyMigrationsRunAtTheSameTimeIsUnknownUntilItIsSaid() {
        assertThat(NovaConfiguration.NOVA_DEFAULTS.limits().maxConcurrent()).isNull();
    }

    @Test
    void valuesAreBroughtIntoTheRangeOfQemu() {
        NovaConfiguration odd =
                new NovaConfiguration(false, false, 9_000_000, 0, 0, -1, false, true, 1_000, null, 0, null, null, null);

        assertThat(odd.limits()).isEqualTo(new MigrationLimits(Duration.ofSeconds(2_000), null, 255, false));
        assertThat(odd.silence())
                .hasValueSatisfying(reason -> assertThat(reason).contains("live_migration_tunnelled"));
    }

    private static NovaMessage read(String json) throws IOException {
        return WireJson.strictMapper().readValue(json, NovaMessage.class);
    }
}
