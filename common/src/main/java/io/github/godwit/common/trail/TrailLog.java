package io.github.godwit.common.trail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where an audit trail is written as JSON lines. */
@FunctionalInterface
public interface TrailLog {

    /** Name of the logger that has the lines if there is no file. */
    String LOGGER = "godwit.trail";

    /** Writes a line. */
    void write(String line);

    /** Writes to the log of the program, under the name {@value #LOGGER}. */
    static TrailLog ordinary() {
        Logger log = LoggerFactory.getLogger(LOGGER);
        return log::info;
    }

    /**
     * Appends to a file, which is opened for each line, so that it may be renamed meanwhile, as logrotate does. A new file can be read by
     * its owner only. What cannot be appended goes to the log of the program.
     *
     * @throws IOException if the file cannot be written
     */
    static TrailLog file(Path file) throws IOException {
        append(file, "");
        TrailLog ordinary = ordinary();
        Object lock = new Object();
        return line -> {
            try {
                synchronized (lock) {
                    append(file, line + "\n");
                }
            } catch (IOException e) {
                LoggerFactory.getLogger(TrailLog.class).error("The trail cannot be written to {}", file, e);
                ordinary.write(line);
            }
        };
    }

    private static void append(Path file, String text) throws IOException {
        if (!Files.exists(file)) {
            createPrivate(file);
        }
        Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static void createPrivate(Path file) throws IOException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            LoggerFactory.getLogger(TrailLog.class).debug("Another instance has just created {}", file, e);
        }
    }
}
