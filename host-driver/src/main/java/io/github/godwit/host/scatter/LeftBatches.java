package io.github.godwit.host.scatter;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.common.DaemonThreads;
import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.scatter.store.RedisStore;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.hostapi.scatter.ScatterOrder;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes from the intermediaries what migrations to this host have left there: where an intermediary did not answer when a migration ended, the source
 * stored something later, or this host driver was killed. A file for each migration says so before its first batch is stored; it is deleted when nothing was
 * found twice in a row. After a week Redis has removed everything by itself.
 */
public final class LeftBatches implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LeftBatches.class);
    private static final Duration EVERY = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = WireJson.mapper();

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,100}");

    private final Path directory;
    private final BiFunction<String, ScatterOrder, ScatterTerms> terms;
    private final Predicate<String> needed;
    private final Set<String> foundNone = new HashSet<>();
    private final ScheduledExecutorService thread = DaemonThreads.scheduled("left-batches");

    /**
     * @param directory has a file for each migration
     * @param terms     those of a migration by its id and what was agreed on; throws {@link Refusal} if its intermediaries are not known any more
     * @param needed    whether the batches of a migration, which it gets by its id, may still be fetched
     */
    public LeftBatches(Path directory, BiFunction<String, ScatterOrder, ScatterTerms> terms, Predicate<String> needed) {
        this.directory = directory;
        this.terms = terms;
        this.needed = needed;
    }

    /** Begins to remove what an earlier host driver has left. */
    public void start() {
        var unused = thread.scheduleWithFixedDelay(this::remove, 0, EVERY.toSeconds(), TimeUnit.SECONDS);
    }

    /**
     * Records that a migration may leave batches.
     *
     * @throws IOException              if that cannot be written
     * @throws IllegalArgumentException if the id cannot name a file
     */
    public void expect(String migration, ScatterOrder order) throws IOException {
        if (!ID.matcher(migration).matches()) {
            throw new IllegalArgumentException(
                    "The id of a migration has letters, digits and hyphens, but this one is '%s'."
                            .formatted(migration));
        }
        Files.createDirectories(directory);
        Files.write(directory.resolve(migration), JSON.writeValueAsBytes(order));
    }

    /** Removes soon what is not needed. */
    public void soon() {
        if (!thread.isShutdown()) {
            thread.execute(this::remove);
        }
    }

    /** Removes now what is not needed. */
    void remove() {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                remove(file);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("What is left on the intermediaries is not removed yet: {}", e.toString());
        }
    }

    private void remove(Path file) throws IOException {
        String migration = file.getFileName().toString();
        if (needed.test(migration)) {
            foundNone.remove(migration);
        } else if (isGone(migration, file)) {
            foundNone.remove(migration);
            Files.deleteIfExists(file);
        }
    }

    private boolean isGone(String migration, Path file) throws IOException {
        Instant last = Files.getLastModifiedTime(file).toInstant().plus(RedisStore.LIFETIME);
        if (Instant.now().isAfter(last)) {
            return true;
        }
        try {
            ScatterOrder order = JSON.readValue(file.toFile(), ScatterOrder.class);
            boolean none = terms.apply(migration, order).removeBatches();
            return none && !foundNone.add(migration);
        } catch (Refusal e) {
            LOG.warn("What migration {} has left stays until Redis removes it: {}", migration, e.getMessage());
            return true;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
