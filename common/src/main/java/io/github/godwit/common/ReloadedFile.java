package io.github.godwit.common;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The content of a file, of which a new version is loaded without a restart. If the new version cannot be used, the reason is logged once
 * and the previous content stays in use. Thread-safe.
 *
 * @param <T> what the file contains; immutable
 */
public final class ReloadedFile<T> {

    private static final Logger LOG = LoggerFactory.getLogger(ReloadedFile.class);

    private final String what;
    private final Path file;
    private final Format<T> format;
    private Stamp seen;
    private volatile T content;

    /**
     * Reads a file.
     *
     * @param <T> what the file contains
     */
    @FunctionalInterface
    public interface Format<T> {
        /**
         * Reads the whole file.
         *
         * @throws IOException              if it cannot be read
         * @throws IllegalArgumentException if its content cannot be used; the message says why
         */
        T read(InputStream in) throws IOException;
    }

    /** Identifies a version of the file. */
    private record Stamp(FileTime modified, long size) {}

    /**
     * Loads the file.
     *
     * @param what   what it contains, for example "bandwidth model"
     * @param file   the file
     * @param format reads it
     * @throws IOException if the file cannot be read, or its content cannot be used
     */
    public ReloadedFile(String what, Path file, Format<T> format) throws IOException {
        this.what = what;
        this.file = file;
        this.format = format;
        this.seen = stamp();
        this.content = read();
    }

    /** The content that is in use. */
    public T get() {
        return content;
    }

    /** Loads the file again if it has changed, and returns the content that is in use. */
    public T current() {
        reloadIfChanged();
        return content;
    }

    /** Loads the file again if it has changed. */
    public synchronized void reloadIfChanged() {
        try {
            Stamp now = stamp();
            if (now.equals(seen)) {
                return;
            }
            seen = now;
            content = read();
            LOG.info("Loaded the {} in {}: {}", what, file, content);
        } catch (IOException e) {
            LOG.error("Cannot load the {} in {}, the previous one stays in use: {}", what, file, e.getMessage());
        }
    }

    private Stamp stamp() throws IOException {
        return new Stamp(Files.getLastModifiedTime(file), Files.size(file));
    }

    private T read() throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return format.read(in);
        } catch (IllegalArgumentException e) {
            throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }
}
