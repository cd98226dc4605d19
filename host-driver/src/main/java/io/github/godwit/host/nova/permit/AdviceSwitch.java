package io.github.godwit.host.nova.permit;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.hostapi.HostSwitch;
import io.github.godwit.hostapi.WireJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The switch of this host, which an operator turns. Its position is kept in a file, so that it holds after a restart. Thread-safe. */
public final class AdviceSwitch {

    private static final Logger LOG = LoggerFactory.getLogger(AdviceSwitch.class);

    private final Path file;
    private final Clock clock;
    private final ObjectMapper json = WireJson.mapper();
    private volatile HostSwitch position;

    /** Reads the position from a file; without the file it is on. */
    public AdviceSwitch(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
        position = read();
    }

    private HostSwitch read() {
        if (!Files.exists(file)) {
            return HostSwitch.ON;
        }
        try {
            HostSwitch kept = json.readValue(file.toFile(), HostSwitch.class);
            if (!kept.enabled()) {
                LOG.warn("Godwit has been off on this host since {}: {}", kept.since(), kept.reason());
            }
            return kept;
        } catch (IOException e) {
            LOG.error("Cannot read {}. Godwit is off until somebody switches it on with 'godwit-host on'", file, e);
            return new HostSwitch(false, "%s cannot be read".formatted(file), clock.instant());
        }
    }

    /** Its position. */
    public HostSwitch position() {
        return position;
    }

    /**
     * Turns the switch.
     *
     * @throws IOException if the position cannot be kept; it is changed until the host driver is restarted
     */
    public synchronized HostSwitch turn(boolean enabled, String reason) throws IOException {
        position = new HostSwitch(enabled, enabled ? "" : reason, clock.instant());
        LOG.warn("Godwit was switched {}{}", enabled ? "on" : "off: ", position.reason());
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.createDirectories(file.toAbsolutePath().getParent());
        json.writeValue(draft.toFile(), position);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        return position;
    }
}
