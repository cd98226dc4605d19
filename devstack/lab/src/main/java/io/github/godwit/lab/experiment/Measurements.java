package io.github.godwit.lab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.lab.linux.LinuxAccelerator;
import io.github.godwit.model.profile.Accelerator;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The measurements of an experiment: one after another until nothing is left or the time is over, each in the file before the next
 * begins. What is measured next follows from the file alone, so that a file can be continued.
 *
 * @param <T> what is measured
 */
public final class Measurements<T> {

    /** One measurement. */
    @FunctionalInterface
    public interface Measurement<T> {
        /**
         * Measures once, and adds the run to the results.
         *
         * @return the run in words
         */
        String of(T what, ObjectNode results) throws InterruptedException;
    }

    private final ResultFile results;
    private final Function<? super JsonNode, Optional<T>> next;
    private final Consumer<String> progress;
    private final long begin = System.nanoTime();
    private final long limitNanos;

    /**
     * Opens the file. The time begins.
     *
     * @param setup members that all runs in the file share, besides the link, the cores and the accelerator; see {@link #setup}
     * @param next  what results lack next; empty if they are complete
     * @throws IllegalArgumentException when the file has results of another setup
     */
    Measurements(Setting setting, ObjectNode setup, Function<? super JsonNode, Optional<T>> next) {
        this(setting, setup, next, () -> LinuxAccelerator.find().accelerator());
    }

    /** The same for other guests than those of Linux, under an accelerator of their own. */
    public Measurements(
            Setting setting,
            ObjectNode setup,
            Function<? super JsonNode, Optional<T>> next,
            Supplier<Accelerator> accelerator) {
        this.results = new ResultFile(setting.file(), shared(setup, setting));
        this.next = next;
        this.progress = setting.progress();
        this.limitNanos = setting.limit().toNanos();
        if (!complete()) {
            results.share(WireJson.mapper()
                    .createObjectNode()
                    .put("accelerator", accelerator.get().name()));
        }
    }

    /** One core is not named, as in files of earlier versions. */
    private static ObjectNode shared(ObjectNode setup, Setting setting) {
        setup.put("link", setting.link().toString());
        return setting.cores() == 1 ? setup : setup.put("cores", setting.cores());
    }

    /** The setup of an experiment, to which it adds what is its own. */
    public static ObjectNode setup(String experiment) {
        return WireJson.mapper().createObjectNode().put("experiment", experiment);
    }

    /** The file of the results. */
    ResultFile results() {
        return results;
    }

    /** Whether nothing is left to measure. */
    boolean complete() {
        return next.apply(results.content()).isEmpty();
    }

    /**
     * Measures, saves, and tells about each run.
     *
     * @return whether nothing is left to measure
     */
    public boolean run(Measurement<T> measurement) throws InterruptedException {
        Optional<T> what = next.apply(results.content());
        while (what.isPresent() && System.nanoTime() - begin < limitNanos) {
            String words = measurement.of(what.get(), results.content());
            results.save();
            progress.accept(words);
            what = next.apply(results.content());
        }
        return what.isEmpty();
    }
}
