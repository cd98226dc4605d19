package io.github.godwit.lab.driver;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.LabName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The file that says that a lab is up: {@code lab.json} in its state directory, written last by {@code up}. */
public final class LabRecord {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    /** The record of the lab of this name. */
    public LabRecord(LabName name) {
        this.file = name.stateDirectory().resolve("lab.json");
    }

    /** The lab, when it is up. */
    public Optional<Lab> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(file.toFile(), Lab.class));
        } catch (IOException e) {
            throw new LabException("%s is damaged. Run 'lab down', then 'lab up'.".formatted(file), e);
        }
    }

    /**
     * The lab.
     *
     * @throws LabException when it is not up
     */
    public Lab require() {
        return read().orElseThrow(() -> new LabException("The lab is not up. Start it with 'lab up'."));
    }

    /** Writes the record. */
    public void write(Lab lab) {
        try {
            JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), lab);
        } catch (IOException e) {
            throw new LabException("%s cannot be written: %s".formatted(file, e.getMessage()), e);
        }
    }
}
