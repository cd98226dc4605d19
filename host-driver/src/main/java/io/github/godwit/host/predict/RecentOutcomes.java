package io.github.godwit.host.predict;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.Recalibration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outcomes of the latest completed migrations away from this host, including those of earlier runs of the program, and the
 * recalibration of predictions that follows from their errors. Where no heartbeat measures PERF, its proxy counts if it is trusted
 * ({@link Outcome#labels}). The predictions for these migrations are computed again at each
 * refresh, so that a new model is not corrected by the errors of the previous one.
 */
public final class RecentOutcomes implements Consumer<Outcome>, Supplier<Recalibration> {

    private static final Logger LOG = LoggerFactory.getLogger(RecentOutcomes.class);

    /** Number of lines to read from the end of a log; in most logs they contain enough pre-copy and post-copy migrations. */
    private static final int LINES = 10 * Recalibration.WINDOW;

    /** For this long after a new model was loaded, the corrections of the previous one may still apply. */
    private static final Duration REFRESH_INTERVAL = Duration.ofSeconds(30);

    private final Predictor predictor;
    private final Deque<Outcome> preCopies = new ArrayDeque<>();
    private final Deque<Outcome> postCopies = new ArrayDeque<>();
    private volatile Recalibration last = Recalibration.NONE;
    private long nextRefresh = System.nanoTime();

    /**
     * Reads the outcomes of earlier runs; a log that cannot be read is reported and ignored.
     *
     * @param predictor the predictor to recalibrate
     * @param log       outcomes of earlier runs, one JSON object per line; may not exist
     */
    public RecentOutcomes(Predictor predictor, Path log) {
        this.predictor = predictor;
        read(log);
    }

    private void read(Path log) {
        if (!Files.exists(log)) {
            return;
        }
        Deque<String> tail = new ArrayDeque<>();
        try (Stream<String> lines = Files.lines(log)) {
            lines.forEach(line -> {
                tail.add(line);
                if (tail.size() > LINES) {
                    tail.remove();
                }
            });
            for (String line : tail) {
                remember(line);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("Cannot read the outcomes of earlier migrations in {}: {}", log, e.getMessage());
        }
    }

    private void remember(String line) {
        try {
            accept(WireJson.mapper().readValue(line, Outcome.class));
        } catch (JsonProcessingException e) {
            LOG.debug("Ignoring a line that is not an outcome; a full disk may have truncated it", e);
        }
    }

    /**
     * Adds an outcome, unless the migration was cancelled, its VM was only partly profiled, or its measurements are not those of a
     * technique and of memory alone.
     */
    @Override
    public synchronized void accept(Outcome outcome) {
        if (!outcome.converged()
                || outcome.incomparable() != null
                || outcome.migrationCase() == null
                || outcome.technique() == null
                || outcome.measured() == null
                || !outcome.migrationCase().vm().missing().isEmpty()) {
            return;
        }
        Deque<Outcome> alike = outcome.technique().isPostCopy() ? postCopies : preCopies;
        alike.add(outcome);
        if (alike.size() > Recalibration.WINDOW) {
            alike.remove();
        }
        nextRefresh = System.nanoTime();
    }

    /** Computes the recalibration if there are new outcomes or the last one is older than 30 s; to be called periodically. */
    public synchronized void refresh() {
        if (System.nanoTime() - nextRefresh < 0) {
            return;
        }
        nextRefresh = System.nanoTime() + REFRESH_INTERVAL.toNanos();
        last = Recalibration.of(Stream.concat(preCopies.stream(), postCopies.stream())
                .map(each -> new Recalibration.MeasuredMigration(
                        each.technique(), predictor.predict(each.migrationCase(), each.technique()), each.labels()))
                .toList());
    }

    /** The recalibration of the last {@link #refresh}. */
    @Override
    public Recalibration get() {
        return last;
    }
}
