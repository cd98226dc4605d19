package io.github.godwit.host.migrate;

import com.fasterxml.jackson.databind.ObjectWriter;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.hostapi.WireJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what every migration cost, one JSON object a line, for {@code godwit-train refit}. A file that has grown too large is
 * put aside as {@code .1}, in place of the one before.
 */
public final class OutcomeLog implements Consumer<Outcome> {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeLog.class);
    private static final long MOST_BYTES = 64 << 20;

    private final Path file;
    private final ObjectWriter writer = WireJson.strictMapper().writer();

    /**
     * @param file where the outcomes go; made when the first comes
     */
    public OutcomeLog(Path file) {
        this.file = file;
    }

    /** Appends an outcome. One that cannot be written is told in the log: the migration itself went well. */
    @Override
    public synchronized void accept(Outcome outcome) {
        try {
            if (Files.exists(file) && Files.size(file) > MOST_BYTES) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            Files.write(
                    file,
                    (writer.writeValueAsString(outcome) + "\n").getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            LOG.warn("The outcome of migration {} is not kept in {}: {}", outcome.migrationId(), file, e.getMessage());
        }
    }
}
