package io.github.godwit.strategy.service;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** An HTTP client that sends any bytes, on one connection as long as the server keeps it. */
final class RawClient implements AutoCloseable {

    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final int port;
    private final Duration patience;
    private Socket socket;
    private InputStream input;

    /** @param text empty for a stream of events, which has no end */
    record Answer(int status, Map<String, String> headers, String text) {}

    RawClient(int port, Duration patience) {
        this.port = port;
        this.patience = patience;
    }

    /**
     * Sends a request and receives its answer.
     *
     * @throws IOException if the server closes the connection, or does not answer in time
     */
    Answer send(FuzzRequest request) throws IOException {
        boolean reused = socket != null;
        try {
            return sendOnce(request);
        } catch (EOFException | java.net.SocketException e) {
            close();
            if (!reused) {
                throw e;
            }
            return sendOnce(request); // the server had closed an idle connection
        }
    }

    private Answer sendOnce(FuzzRequest request) throws IOException {
        try {
            connect();
            socket.getOutputStream().write(request.bytes(port));
            Answer answer = receive("HEAD".equals(request.method()));
            boolean kept = request.sound()
                    && !"close".equalsIgnoreCase(answer.headers().get("connection"));
            if (!kept || answer.headers().getOrDefault("content-type", "").startsWith("text/event-stream")) {
                close();
            }
            return answer;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void connect() throws IOException {
        if (socket == null) {
            socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    Math.toIntExact(patience.toMillis()));
            input = new BufferedInputStream(socket.getInputStream());
        }
    }

    private Answer receive(boolean head) throws IOException {
        int status = status(line());
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        if (status < OK) {
            return receive(head);
        }
        boolean empty = head || status == NO_CONTENT || status == NOT_MODIFIED;
        return new Answer(status, headers, empty ? "" : new String(body(headers), StandardCharsets.UTF_8));
    }

    private static int status(String line) throws IOException {
        String[] words = line.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.")) {
            throw new IOException("This is no answer: " + line);
        }
        return Integer.parseInt(words[1]);
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if (headers.getOrDefault("content-type", "").startsWith("text/event-stream")) {
            return new byte[0];
        }
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int size = Integer.parseInt(line().strip(), 16);
                    size > 0;
                    size = Integer.parseInt(line().strip(), 16)) {
                all.writeBytes(bytes(size));
                line();
            }
            line();
            return all.toByteArray();
        }
        String length = headers.get("content-length");
        return length == null ? input.readAllBytes() : bytes(Integer.parseInt(length));
    }

    private byte[] bytes(int count) throws IOException {
        byte[] bytes = input.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("The answer ends early.");
        }
        return bytes;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int each = input.read(); each != '\n'; each = input.read()) {
            if (each < 0) {
                throw new EOFException("The server closed the connection without an answer.");
            }
            if (each != '\r') {
                line.write(each);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
