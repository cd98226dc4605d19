package io.github.godwit.lab.collect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.lab.LabException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/** An append-only file of rows, one JSON object a line. Opening it drops a last line that a killed run left incomplete. */
final class RowFile implements AutoCloseable {

    private static final ObjectWriter WRITER = WireJson.mapper().writerFor(DatasetRow.class);
    private static final ObjectReader ID = WireJson.mapper().readerFor(RowId.class);

    private final FileChannel file;
    private final Set<String> ids = new HashSet<>();

    /** The part of a row that identifies it. */
    private record RowId(String id) {}

    /**
     * Opens a file or creates it.
     *
     * @throws LabException when it cannot be read or written, or contains anything but rows
     */
    RowFile(Path path) {
        try {
            file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            readIds(path);
        } catch (IOException e) {
            throw new LabException("%s cannot be opened for the rows: %s".formatted(path, e.getMessage()), e);
        }
    }

    private void readIds(Path path) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(file.size()));
        while (content.hasRemaining() && file.read(content) >= 0) {
            // until all of it is there
        }
        String text = new String(content.array(), StandardCharsets.UTF_8);
        int whole = text.lastIndexOf('\n') + 1;
        int number = 0;
        for (String line : text.substring(0, whole).lines().toList()) {
            number++;
            ids.add(id(path, line, number));
        }
        file.truncate(text.substring(0, whole).getBytes(StandardCharsets.UTF_8).length);
        file.position(file.size());
    }

    private static String id(Path path, String line, int number) {
        try {
            RowId row = ID.readValue(line);
            if (row.id() != null) {
                return row.id();
            }
        } catch (JsonProcessingException e) {
            throw notRows(path, number, e);
        }
        throw notRows(path, number, null);
    }

    private static LabException notRows(Path path, int number, Exception cause) {
        return new LabException(
                "Line %d of %s is not a row of a collection. Give another file with --out.".formatted(number, path),
                cause);
    }

    /** Whether the file contains the row with this id. */
    boolean contains(String id) {
        return ids.contains(id);
    }

    /** Number of rows. */
    int size() {
        return ids.size();
    }

    /** Appends a row and forces it to the disk. */
    void append(DatasetRow row) {
        try {
            file.write(ByteBuffer.wrap((WRITER.writeValueAsString(row) + "\n").getBytes(StandardCharsets.UTF_8)));
            file.force(false);
            ids.add(row.id());
        } catch (IOException e) {
            throw new LabException("A row cannot be written: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new LabException("The file of rows cannot be closed: " + e.getMessage(), e);
        }
    }
}
