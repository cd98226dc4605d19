package io.github.godwit.lab.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** TCP connections to guests. */
final class Connection {

    private static final Duration CONNECT = Duration.ofSeconds(2);

    /** A guest that stands still keeps its connections; TCP's own retransmissions bring them back. */
    private static final Duration ANSWER = Duration.ofSeconds(20);

    private Connection() {}

    /**
     * Connects.
     *
     * @throws IOException when nothing listens there
     */
    static Socket to(String address, int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) ANSWER.toMillis());
            socket.connect(new InetSocketAddress(address, port), (int) CONNECT.toMillis());
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Reads a line that ends with CR and LF, and returns it without them.
     *
     * @throws EOFException when the connection ends before
     */
    static String line(InputStream in) throws IOException {
        byte[] bytes = new byte[256];
        int size = 0;
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("The guest closed the connection.");
            }
            if (size < bytes.length && next != '\r') {
                bytes[size++] = (byte) next;
            }
        }
        return new String(bytes, 0, size, StandardCharsets.US_ASCII);
    }
}
