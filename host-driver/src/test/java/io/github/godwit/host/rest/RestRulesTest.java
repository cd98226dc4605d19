package io.github.godwit.host.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.host.WritingVm;
import io.github.godwit.hostapi.IncomingRate;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationRequest.Observation;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.ProfilePart;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RestRulesTest {

    @Test
    void theOpenApiDocumentHasAllRoutesAndTheirSchemas() {
        ObjectNode document = OpenApiResource.document("1.0");
        assertThat(document.path("paths").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "/v1/host",
                        "/v1/vms",
                        "/v1/vms/{name}",
                        "/v1/vms/{name}/profile",
                        "/v1/vms/{name}/techniques",
                        "/v1/vms/{name}/vcpu-time",
                        "/v1/migrations",
                        "/v1/migrations/{id}",
                        "/v1/migrations/{id}/events",
                        "/v1/incoming",
                        "/v1/incoming/{id}",
                        "/v1/incoming/{id}/confirm",
                        "/v1/incoming/{id}/finish",
                        "/v1/incoming/{id}/gathering",
                        "/v1/incoming/{id}/rate",
                        "/v1/incoming/{id}/recover",
                        "/v1/incoming/{id}/waits",
                        "/v1/switch",
                        "/metrics",
                        "/v1/policies",
                        "/v1/openapi.json");
        assertThat(document.at("/components/schemas/MigrationRequest/properties/technique/enum")
                        .toString())
                .contains("\"DCdlt-DCZlib\"");
        assertThat(document.at("/paths/~1v1~1vms/post/requestBody/content/application~1json/schema/$ref")
                        .asText())
                .isEqualTo("#/components/schemas/VmDefinition");
    }

    @Test
    void theJsonFormHasTheNamesOfTheRecords() throws IOException {
        MigrationRequest request = MigrationRequest.of("web", URI.create("http://h2:9622"))
                .technique(Technique.PRE_POST_COPY)
                .timeLimit(Duration.ofSeconds(90))
                .build();
        String text = WireJson.strictMapper().writeValueAsString(request);

        assertThat(text).contains("\"technique\":\"PRE-POST\"", "\"timeLimit\":\"PT1M30S\"");
        assertThat(WireJson.strictMapper().readValue(text, MigrationRequest.class))
                .isEqualTo(request);
        assertThat(WireJson.strictMapper()
                        .writeValueAsString(new TechniqueAvailability(Map.of(Technique.XBZRLE, "no"))))
                .isEqualTo("{\"unavailable\":{\"DCdlt\":\"no\"}}");
    }

    /** An older host driver refuses a member that it does not know. */
    @Test
    void aRequestWithoutTermsHasNothingThatOlderHostDriversDoNotKnow() throws IOException {
        MigrationRequest.Builder order =
                MigrationRequest.of("web", URI.create("http://h2:9622")).technique(Technique.PRE_COPY);
        MigrationRequest without = order.build();
        MigrationRequest within = order.terms(ReservationTerms.DEFAULT).build();

        assertThat(WireJson.strictMapper().writeValueAsString(without)).doesNotContain("terms");
        String text = WireJson.strictMapper().writeValueAsString(within);
        assertThat(text).contains("\"urgency\":\"medium\"");
        assertThat(WireJson.strictMapper().readValue(text, MigrationRequest.class))
                .isEqualTo(within);
    }

    @Test
    void anInvalidRateIsRefused() {
        Bandwidth rate = Bandwidth.parse("300mbit");
        assertThatThrownBy(() -> new IncomingRate(null, null, null, null)).hasMessageContaining("must be positive");
        assertThatThrownBy(() -> new IncomingRate(Bandwidth.ZERO, null, null, null))
                .hasMessageContaining("must be positive");
        assertThatThrownBy(() -> new IncomingRate(rate, Bandwidth.parse("200mbit"), null, null))
                .hasMessageContaining("must not be below the floor (300mbit)");
        assertThatThrownBy(() -> new IncomingRate(rate, null, null, 65_536)).hasMessageContaining("from 1 to 65535");
        assertThat(new IncomingRate(rate, null, null, null).kept()).isEqualTo(Bandwidth.ZERO);
    }

    @Test
    void theJsonOfAProfileHasTheComponentsOfTheRecordOnly() throws IOException {
        ObjectNode json = WireJson.strictMapper().valueToTree(WritingVm.named("web"));

        assertThat(json.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(VmProfile.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toList());
    }

    @Test
    void aProfileIsReadAsItWasWritten() throws IOException {
        VmProfile fresh = WritingVm.named("web");
        VmProfile half = WritingVm.known("web", Map.of(ProfilePart.CONTENT, 0L, ProfilePart.WRITES, 40_000L))
                .withAccelerator(Accelerator.TCG);

        assertThat(writtenAndRead(fresh)).isEqualTo(fresh);
        assertThat(writtenAndRead(fresh).allFresh()).isTrue();
        assertThat(writtenAndRead(half)).isEqualTo(half);
        assertThat(writtenAndRead(half).missing()).containsExactly(ProfilePart.VCPU_USE);
    }

    private static VmProfile writtenAndRead(VmProfile profile) throws IOException {
        return WireJson.strictMapper().readValue(WireJson.strictMapper().writeValueAsString(profile), VmProfile.class);
    }

    @Test
    void aProfileOfAnOlderVersionCountsAsKvmAndFresh() throws IOException {
        ObjectNode old = WireJson.strictMapper().valueToTree(WritingVm.named("web"));
        old.remove(List.of("accelerator", "agesMillis"));

        VmProfile read = WireJson.strictMapper().treeToValue(old, VmProfile.class);

        assertThat(read.accelerator()).isEqualTo(Accelerator.KVM);
        assertThat(read.allFresh()).isTrue();
    }

    /** Collectors of training data send requests with the profile from GET /v1/vms/{name}/profile. */
    @Test
    void aRequestWithAnObservedProfileIsRead() throws IOException {
        HostProfile host =
                new HostProfile("h1", 4, 0, MemorySize.parse("8G"), 0, Bandwidth.parse("1gbit"), Traffic.NONE);
        MigrationRequest request = MigrationRequest.of("web", URI.create("http://h2:9622"))
                .technique(Technique.PRE_COPY)
                .observed(new Observation(WritingVm.named("web"), host, host))
                .build();

        assertThat(WireJson.strictMapper()
                        .readValue(WireJson.strictMapper().writeValueAsString(request), MigrationRequest.class))
                .isEqualTo(request);
    }
}
