package io.github.godwit.host.nova.permit;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.hostapi.HostSwitch;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the operator of this host permits: nova.conf as nova-compute sent it last, {@code --no-advice} and {@code --observe}, and the switch of
 * this host. The configuration is kept in a file, so that it holds after a restart. Until there is one, Nova's defaults hold. Thread-safe.
 */
public final class OperatorRules {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorRules.class);

    private final String host;
    private final Path file;
    private final AdviceMode mode;
    private final AdviceSwitch hostSwitch;
    private final ObjectMapper json = WireJson.mapper();
    private volatile NovaConfiguration configuration;

    /**
     * Reads the configuration that was received last.
     *
     * @param host    name of this host
     * @param file    keeps the configuration
     * @param mode    what the host driver was started to do
     * @param hostSwitch the switch of this host
     */
    public OperatorRules(String host, Path file, AdviceMode mode, AdviceSwitch hostSwitch) {
        this.host = host;
        this.file = file;
        this.mode = mode;
        this.hostSwitch = hostSwitch;
        configuration = read();
        logErrors(configuration);
        observes().ifPresent(reason -> LOG.warn("{} Nova's own flags are used", reason));
    }

    private NovaConfiguration read() {
        if (!Files.exists(file)) {
            return NovaConfiguration.NOVA_DEFAULTS;
        }
        try {
            return json.readValue(file.toFile(), NovaConfiguration.class);
        } catch (IOException e) {
            LOG.warn("Cannot read {}; Nova's defaults hold until nova-compute sends its configuration", file, e);
            return NovaConfiguration.NOVA_DEFAULTS;
        }
    }

    /**
     * Takes over the configuration of nova-compute.
     *
     * @param received the configuration; null, as an older compute driver sends it, changes nothing
     * @return what is wrong with it, in sentences
     */
    public synchronized List<String> receive(NovaConfiguration received) {
        if (received == null) {
            return List.of();
        }
        if (!received.equals(configuration)) {
            configuration = received;
            LOG.info("nova-compute of {} sent another configuration: {}", host, received);
            logErrors(received);
            observes().ifPresent(reason -> LOG.warn("{} Nova's own flags are used", reason));
            save(received);
        }
        return received.errors();
    }

    private void logErrors(NovaConfiguration received) {
        received.errors().forEach(error -> LOG.error("nova.conf of {}: {}", host, error));
    }

    private void save(NovaConfiguration received) {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            json.writeValue(draft.toFile(), received);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("Cannot keep nova-compute's configuration in {}; after a restart Nova's defaults hold", file, e);
        }
    }

    /** Why nova-compute gets no advice, as a sentence, or nothing when it does. */
    public Optional<String> silence() {
        return reasonForSilence()
                .map(reason -> "No technique is chosen for migrations from %s: %s.".formatted(host, reason));
    }

    private Optional<String> reasonForSilence() {
        if (mode == AdviceMode.SILENT) {
            return Optional.of("its host driver runs with --no-advice");
        }
        HostSwitch position = hostSwitch.position();
        return position.enabled()
                ? configuration.silence()
                : Optional.of("Godwit was switched off there at %s: %s".formatted(position.since(), position.reason()));
    }

    /**
     * Why Godwit only observes the migrations from this host, as a sentence, or nothing if it does not. It decides and records then, but Nova's
     * own flags are used. The host driver and nova.conf can each say so, and either suffices.
     */
    public Optional<String> observes() {
        if (mode == AdviceMode.OBSERVE) {
            return Optional.of(
                    "Godwit only observes migrations from %s: its host driver runs with --observe.".formatted(host));
        }
        return configuration.observe()
                ? Optional.of("Godwit only observes migrations from %s: [godwit] observe is True in its nova.conf."
                        .formatted(host))
                : Optional.empty();
    }

    /** What Nova's own flags amount to, by the present configuration. */
    public NovaFlags novaFlags(long flags) {
        return new NovaFlags(configuration, flags);
    }

    /** The techniques that the software of this host can run, under these rules. */
    public HostCapabilities applyTo(HostCapabilities software) {
        NovaConfiguration now = configuration;
        return software.under(
                        reasonForSilence().map(this::everything).orElseGet(() -> now.forbidden(host)), now.limits())
                .reserving(MemorySize.ofMebibytes(now.reservedHostMemoryMb()));
    }

    private Map<Technique, String> everything(String reason) {
        EnumMap<Technique, String> all = new EnumMap<>(Technique.class);
        for (Technique technique : Technique.values()) {
            all.put(technique, "is not used for migrations from %s: %s".formatted(host, reason));
        }
        return all;
    }
}
