package io.github.godwit.lab.driver;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.LabName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The record of a running lab: {@code lab.json} in its state directory, which {@code up} writes last. */
public final class LabRecord {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    /** The record of the lab with this name. */
    public LabRecord(LabName name) {
        this.file = name.stateDirectory().resolve("lab.json");
    }

    /**
     * Reads the record.
     *
     * @return the lab, or empty when it is not up
     * @throws LabException when the file is damaged
     */
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
     * Reads the record of a lab that must be up.
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
