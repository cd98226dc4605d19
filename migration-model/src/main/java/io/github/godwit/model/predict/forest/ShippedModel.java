package io.github.godwit.model.predict.forest;

import io.github.godwit.model.predict.PartialProfilePredictor;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The model that was trained on real migrations in the lab and ships with Godwit. */
public final class ShippedModel {

    /** Name of its resource. */
    static final String RESOURCE = "lab.model";

    private ShippedModel() {}

    /**
     * Reads the model.
     *
     * @throws UncheckedIOException when the model cannot be used; the message says why
     */
    public static PredictionModel read() {
        try (InputStream in = ShippedModel.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(
                        "The resource %s is missing: Godwit was built without its model.".formatted(RESOURCE));
            }
            return ModelFormat.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("The model that ships with Godwit cannot be used: " + e.getMessage(), e);
        }
    }

    /** The default predictor: this model with the simulation, which also predicts VMs with partial profiles. */
    public static Predictor predictor() {
        return new PartialProfilePredictor(new ForestPredictor(read(), new AnalyticPredictor()));
    }
}
