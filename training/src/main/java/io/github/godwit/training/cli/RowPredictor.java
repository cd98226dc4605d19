package io.github.godwit.training.cli;

import io.github.godwit.hostapi.Outcome;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.RecalibratedPredictor;
import io.github.godwit.model.predict.Recalibration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Predicts rows in the order of their measurement. With recalibration it learns from each row as a host driver does. */
final class RowPredictor {

    private final Predictor predictor;
    private final boolean recalibrated;
    private final Map<String, Deque<Recalibration.MeasuredMigration>> preCopies = new HashMap<>();
    private final Map<String, Deque<Recalibration.MeasuredMigration>> postCopies = new HashMap<>();

    RowPredictor(Predictor predictor, boolean recalibrated) {
        this.predictor = predictor;
        this.recalibrated = recalibrated;
    }

    /** The prediction right before the migration. */
    Prediction predict(Outcome outcome) {
        MigrationCase migrationCase = outcome.migrationCase();
        Recalibration known = recalibrated ? known(migrationCase.source().name()) : Recalibration.NONE;
        Prediction prediction =
                new RecalibratedPredictor(predictor, () -> known).predict(migrationCase, outcome.technique());
        if (outcome.converged()) {
            remember(outcome);
        }
        return prediction;
    }

    private Recalibration known(String host) {
        return Recalibration.of(Stream.of(preCopies, postCopies)
                .flatMap(way -> way.getOrDefault(host, new ArrayDeque<>()).stream())
                .toList());
    }

    private void remember(Outcome outcome) {
        Deque<Recalibration.MeasuredMigration> alike = (outcome.technique().isPostCopy() ? postCopies : preCopies)
                .computeIfAbsent(outcome.migrationCase().source().name(), any -> new ArrayDeque<>());
        alike.add(new Recalibration.MeasuredMigration(
                outcome.technique(),
                predictor.predict(outcome.migrationCase(), outcome.technique()),
                outcome.labels()));
        if (alike.size() > Recalibration.WINDOW) {
            alike.remove();
        }
    }
}
