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
 * The latest migrations away from this host that went to their end, and what they say about its predictions. Those of earlier
 * runs of the program count too. What a model would predict for them is asked anew each time, so that another model is not
 * blamed for the errors of the one before.
 */
public final class RecentOutcomes implements Consumer<Outcome>, Supplier<Recalibration> {

    private static final Logger LOG = LoggerFactory.getLogger(RecentOutcomes.class);

    /** Of a log's last lines so many are read: in most there are enough of either way among them. */
    private static final int LINES = 10 * Recalibration.WINDOW;

    /** So long after a new model was taken up, the offsets of the one before may still be added. */
    private static final Duration GOOD_FOR = Duration.ofSeconds(30);

    private final Predictor predictor;
    private final Deque<Outcome> preCopies = new ArrayDeque<>();
    private final Deque<Outcome> postCopies = new ArrayDeque<>();
    private volatile Recalibration last = Recalibration.NONE;
    private long nextLook = System.nanoTime();

    /**
     * @param predictor what predictions begin with, itself not recalibrated
     * @param log       outcomes of earlier runs, one JSON object a line; need not be there
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
            LOG.warn("What earlier migrations cost is not known, {} cannot be read: {}", log, e.getMessage());
        }
    }

    private void remember(String line) {
        try {
            accept(WireJson.mapper().readValue(line, Outcome.class));
        } catch (JsonProcessingException e) {
            LOG.debug("A line that is no outcome, perhaps cut off by a full disk, is passed over", e);
        }
    }

    @Override
    public synchronized void accept(Outcome outcome) {
        if (!outcome.converged()
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
        nextLook = System.nanoTime();
    }

    /** Looks what they say; to be called now and then. Does nothing while there is nothing new. */
    public synchronized void refresh() {
        if (System.nanoTime() - nextLook < 0) {
            return;
        }
        nextLook = System.nanoTime() + GOOD_FOR.toNanos();
        last = Recalibration.of(Stream.concat(preCopies.stream(), postCopies.stream())
                .map(each -> new Recalibration.MeasuredMigration(
                        each.technique(), predictor.predict(each.migrationCase(), each.technique()), each.measured()))
                .toList());
    }

    /** What they said at the last {@link #refresh}. */
    @Override
    public Recalibration get() {
        return last;
    }
}
