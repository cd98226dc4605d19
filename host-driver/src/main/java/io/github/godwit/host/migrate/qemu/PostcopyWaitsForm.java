package io.github.godwit.host.migrate.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.hostapi.PostcopyWaits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@link PostcopyWaits} from the destination's answer to {@code query-migrate}. */
final class PostcopyWaitsForm {

    private static final double NANOS_PER_MICRO = 1e3;

    private PostcopyWaitsForm() {}

    /** What QEMU counted; empty where it counted nothing. */
    static Optional<PostcopyWaits> of(JsonNode answer) {
        JsonNode blocked = answer.path("postcopy-blocktime");
        if (!blocked.isNumber()) {
            return Optional.empty();
        }
        List<Long> vcpus = new ArrayList<>();
        answer.path("postcopy-vcpu-blocktime").forEach(each -> vcpus.add(each.asLong()));
        return Optional.of(new PostcopyWaits(
                blocked.asLong(),
                vcpus,
                micros(answer.path("postcopy-latency")),
                micros(answer.path("postcopy-non-vcpu-latency"))));
    }

    private static Double micros(JsonNode nanos) {
        return nanos.isNumber() ? nanos.asDouble() / NANOS_PER_MICRO : null;
    }
}
