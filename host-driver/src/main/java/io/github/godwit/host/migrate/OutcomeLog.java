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
 * Writes the outcome of every migration to a file, one JSON object per line, for {@code godwit-train refit}. A file of more than 64 MiB is
 * renamed to {@code .1} and replaces the previous one.
 */
public final class OutcomeLog implements Consumer<Outcome> {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeLog.class);
    private static final long MOST_BYTES = 64L << 20;

    private final Path file;
    private final ObjectWriter writer = WireJson.strictMapper().writer();

    /**
     * @param file the file; created for the first outcome, in a directory that must exist
     */
    public OutcomeLog(Path file) {
        this.file = file;
    }

    /** Appends an outcome. Where that fails, it is only logged: the migration is not affected. */
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
            LOG.warn("Cannot write the outcome of migration {} to {}: {}", outcome.migrationId(), file, e.getMessage());
        }
    }
}
