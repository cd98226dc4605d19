package io.github.godwit.common;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The content of a file, or of several that belong together, of which a new version is loaded without a restart. If the new version cannot
 * be used, the reason is logged once, the previous content stays in use, and it is tried again once a minute: a certificate may become valid
 * later, and a file system may come back. Thread-safe.
 *
 * @param <T> what the files contain; immutable
 */
public final class ReloadedFile<T> {

    private static final Logger LOG = LoggerFactory.getLogger(ReloadedFile.class);

    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final String what;
    private final List<Path> files;
    private final Loader<T> loader;
    private final LongSupplier nanos;
    private List<Map<String, Object>> seen;
    private boolean failed;
    private long triedNanos;
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

    /**
     * Reads all files.
     *
     * @param <T> what the files contain
     */
    @FunctionalInterface
    public interface Loader<T> {
        /**
         * Reads all files.
         *
         * @throws IOException              if one cannot be read
         * @throws IllegalArgumentException if their content cannot be used; the message says which and why
         */
        T load() throws IOException;
    }

    /**
     * Loads the file.
     *
     * @param what   what it contains, for example "bandwidth model"
     * @param file   the file
     * @param format reads it
     * @throws IOException if the file cannot be read, or its content cannot be used
     */
    public ReloadedFile(String what, Path file, Format<T> format) throws IOException {
        this(what, List.of(file), () -> read(file, format));
    }

    /**
     * Loads files that belong together.
     *
     * @param what   what they contain
     * @param files  the files
     * @param loader reads them
     * @throws IOException if a file cannot be read, or their content cannot be used
     */
    public ReloadedFile(String what, List<Path> files, Loader<T> loader) throws IOException {
        this(what, files, loader, System::nanoTime);
    }

    ReloadedFile(String what, List<Path> files, Loader<T> loader, LongSupplier nanos) throws IOException {
        this.nanos = nanos;
        this.what = what;
        this.files = List.copyOf(files);
        this.loader = loader;
        this.seen = versions();
        this.content = load();
    }

    /** The content that is in use. */
    public T get() {
        return content;
    }

    /** Loads the files again if one has changed, and returns the content that is in use. */
    public T current() {
        reloadIfChanged();
        return content;
    }

    /** Loads the files again if one has changed. */
    public synchronized void reloadIfChanged() {
        List<Map<String, Object>> now = versions();
        boolean changed = !now.equals(seen);
        if (!changed && !(failed && nanos.getAsLong() - triedNanos >= AGAIN.toNanos())) {
            return;
        }
        seen = now;
        triedNanos = nanos.getAsLong();
        try {
            content = load();
            failed = false;
            LOG.info("Loaded the {} in {}: {}", what, names(), content);
        } catch (IOException e) {
            failed = true;
            if (changed) {
                LOG.error("Cannot load the {} in {}, the previous one stays in use: {}", what, names(), e.getMessage());
            }
        }
    }

    private String names() {
        return files.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    /** What tells versions of the files apart, permissions included; nothing for a file that cannot be found. */
    private List<Map<String, Object>> versions() {
        List<Map<String, Object>> versions = new ArrayList<>();
        for (Path file : files) {
            try {
                versions.add(Files.readAttributes(file, "unix:lastModifiedTime,ctime,size,ino"));
            } catch (IOException e) {
                LOG.debug("No version of {}", file, e);
                versions.add(Map.of());
            }
        }
        return versions;
    }

    private T load() throws IOException {
        try {
            return loader.load();
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static <T> T read(Path file, Format<T> format) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return format.read(in);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        } catch (IllegalArgumentException e) {
            throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }
}
