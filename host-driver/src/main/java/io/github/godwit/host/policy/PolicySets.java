package io.github.godwit.host.policy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.host.common.Refusal;
import io.github.godwit.hostapi.PolicySetVersion;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.select.PolicySet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy set of this host driver: the newest one that a service handed over, or else the one that ships. It is kept in a file, so that
 * it holds after a restart. Thread-safe.
 */
public final class PolicySets implements Supplier<PolicySet> {

    private static final Logger LOG = LoggerFactory.getLogger(PolicySets.class);

    private final Path file;
    private final ObjectMapper json = WireJson.mapper();
    private volatile PolicySet current;

    /**
     * Reads the set that was received last.
     *
     * @param file keeps the set
     */
    public PolicySets(Path file) {
        this.file = file;
        current = read();
    }

    private PolicySet read() {
        if (!Files.exists(file)) {
            return PolicySet.shipped();
        }
        try {
            return json.readValue(file.toFile(), PolicySet.class);
        } catch (IOException e) {
            LOG.warn("Cannot read {}; the shipped policies hold until the service hands over its own", file, e);
            return PolicySet.shipped();
        }
    }

    @Override
    public PolicySet get() {
        return current;
    }

    /** Which set holds. */
    public PolicySetVersion version() {
        return PolicySetVersion.of(current);
    }

    /**
     * Takes over a set that is newer than the current one; the same one again changes nothing.
     *
     * @throws Refusal     when the set is older than the current one
     * @throws IOException when the set cannot be kept; the current one holds on
     */
    public synchronized PolicySetVersion receive(PolicySet received) throws IOException {
        PolicySet before = current;
        if (received.equals(before)) {
            return version();
        }
        if (!received.isNewerThan(before.version(), before.changedAt())) {
            throw Refusal.conflict(
                    "Policy set %d of %s is not newer than set %d of %s, which this host driver has. Another service may have handed that over."
                            .formatted(received.version(), received.changedAt(), before.version(), before.changedAt()));
        }
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.createDirectories(file.toAbsolutePath().getParent());
        json.writeValue(draft.toFile(), received);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        current = received;
        LOG.info(
                "Policy set {} of {} holds: {} policies, {} rules for techniques",
                received.version(),
                received.changedAt(),
                received.policies().size(),
                received.rules().size());
        return version();
    }
}
