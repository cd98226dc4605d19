package io.github.godwit.training.cli;

import io.github.godwit.model.predict.forest.ModelFormat;
import io.github.godwit.model.predict.forest.PredictionModel;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Reads, writes and describes model files. */
final class ModelOptions {

    private ModelOptions() {}

    static PredictionModel read(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return ModelFormat.read(in);
        }
    }

    /** Writes the content of a file. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream stream) throws IOException;
    }

    static void write(PredictionModel model, Path file) throws IOException {
        replace(file, stream -> ModelFormat.write(model, stream));
    }

    /** Writes a draft next to the file and renames it, so that no reader gets half a model. */
    static void replace(Path file, Content content) throws IOException {
        Path whole = file.toAbsolutePath();
        // a temporary file of Java is readable by its owner only, but the host driver may run as another user
        Path draft = whole.resolveSibling("." + whole.getFileName() + ".draft");
        try {
            try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(draft))) {
                content.writeTo(stream);
            }
            Files.move(draft, whole, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    static String about(PredictionModel model) {
        return "%d rows, trained at %s, techniques %s, %d nodes, fingerprint of the rows %s"
                .formatted(
                        model.about().rows(),
                        model.about().trainedAt(),
                        model.techniques(),
                        model.trees().size(),
                        model.about().fingerprint());
    }
}
