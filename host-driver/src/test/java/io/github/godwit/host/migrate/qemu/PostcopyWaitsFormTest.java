package io.github.godwit.host.migrate.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.hostapi.PostcopyWaits;
import io.github.godwit.hostapi.WireJson;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What QEMU on the destination says about the waits for pages. */
class PostcopyWaitsFormTest {

    private static JsonNode answer(String json) throws Exception {
        return WireJson.mapper().readTree(json);
    }

    @Test
    void aPreCopyHasNone() throws Exception {
        assertThat(PostcopyWaitsForm.of(answer("{\"status\": \"completed\"}"))).isEmpty();
    }

    @Test
    void qemuBefore11HasNoLatencies() throws Exception {
        assertThat(
                        PostcopyWaitsForm.of(
                                answer(
                                        "{\"status\": \"completed\", \"postcopy-blocktime\": 12, \"postcopy-vcpu-blocktime\": [12, 30]}")))
                .contains(new PostcopyWaits(12, List.of(12L, 30L), null, null));
    }

    @Test
    void latenciesAreInNanoseconds() throws Exception {
        assertThat(PostcopyWaitsForm.of(answer(
                        "{\"postcopy-blocktime\": 0, \"postcopy-vcpu-blocktime\": [0], \"postcopy-latency\": 251500,"
                                + " \"postcopy-vcpu-latency\": [251500], \"postcopy-non-vcpu-latency\": 1000}")))
                .contains(new PostcopyWaits(0, List.of(0L), 251.5, 1.0));
    }
}
