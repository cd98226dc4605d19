package io.github.godwit.model.predict.forest;

import io.github.godwit.model.predict.PartialProfilePredictor;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The model that is trained on the lab's real migrations and comes with the program. */
public final class ShippedModel {

    /** Its place among the resources. */
    static final String RESOURCE = "lab.model";

    private ShippedModel() {}

    /** The model, read anew. */
    public static PredictionModel read() {
        try (InputStream in = ShippedModel.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("The program was built without its model, %s.".formatted(RESOURCE));
            }
            return ModelFormat.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("The program's own model cannot be used: " + e.getMessage(), e);
        }
    }

    /** The predictor to use where nobody chose another: that model on top of the simulation, also for VMs that are known in part. */
    public static Predictor predictor() {
        return new PartialProfilePredictor(new ForestPredictor(read(), new AnalyticPredictor()));
    }
}
