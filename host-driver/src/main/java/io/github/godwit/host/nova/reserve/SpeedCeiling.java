package io.github.godwit.host.nova.reserve;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.vm.Vm;
import java.io.IOException;
import java.util.Optional;

/** What QEMU's limit of a migration is never raised above, besides the domain's own limit. */
@FunctionalInterface
public interface SpeedCeiling {

    /** The plan keeps to the operator's limit already. */
    SpeedCeiling KNOWN = () -> Long.MAX_VALUE;

    /**
     * The ceiling in MiB/s, positive; called once QEMU sends.
     *
     * @throws IOException if it is not known; then no limit may be set
     */
    long mebibytes() throws IOException;

    /**
     * The limit that Nova gave QEMU, where nova-compute has not said what its operator permits ({@code live_migration_bandwidth}). Only QEMU's
     * monitor tells it.
     *
     * @param objection why the monitor may not be used, as a clause; empty if it may
     */
    static SpeedCeiling found(Vm vm, Optional<String> objection) {
        return () -> {
            if (objection.isPresent()) {
                throw unknown(objection.get());
            }
            try {
                return mebibytes(vm.monitor().execute("query-migrate-parameters"));
            } catch (QmpException e) {
                throw unknown(e.getMessage());
            }
        };
    }

    private static long mebibytes(JsonNode parameters) throws IOException {
        JsonNode bytes = parameters.path("max-bandwidth");
        if (!bytes.isIntegralNumber()) {
            throw unknown("QEMU does not report max-bandwidth");
        }
        // QEMU has no limit at 0.
        long limit = bytes.asLong() == 0 ? Long.MAX_VALUE : bytes.asLong() >> 20;
        if (limit == 0) {
            throw unknown("it is below 1 MiB/s");
        }
        return limit;
    }

    private static IOException unknown(String reason) {
        return new IOException(
                "nova-compute has not sent live_migration_bandwidth, and what it has set is not known (%s). Update the compute driver"
                        .formatted(reason));
    }
}
