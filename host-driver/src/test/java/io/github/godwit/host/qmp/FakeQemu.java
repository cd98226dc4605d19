package io.github.godwit.host.qmp;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A QEMU monitor on a Unix socket, with failures that a real QEMU does not show on demand. */
final class FakeQemu implements Closeable {

    static final String GREETING =
            "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 2, \"minor\": 0, \"major\": 10}}, \"capabilities\": []}}";

    private static final Pattern COMMAND = Pattern.compile("\"execute\":\"([^\"]+)\".*\"id\":(\\d+)");

    private final ServerSocketChannel server;

    /** What the monitor does with its one client. */
    interface Script {
        void play(Client client) throws IOException;
    }

    FakeQemu(Path socket, Script script) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread thread = new Thread(() -> serve(script), "fake-qemu");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Script script) {
        try (SocketChannel channel = server.accept()) {
            script.play(new Client(channel));
        } catch (IOException e) {
            // The test ended first and closed the socket.
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The connected client. */
    static final class Client {
        private final SocketChannel channel;
        private final BufferedReader reader;
        private String id = "0";

        Client(SocketChannel channel) {
            this.channel = channel;
            this.reader = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
        }

        /** Sends the greeting and answers the negotiation, as QEMU does. */
        void negotiate() throws IOException {
            send(GREETING);
            command();
            answer("{}");
        }

        /** Waits for the next command and returns its name; null at the end of the connection. */
        String command() throws IOException {
            String line = reader.readLine();
            Matcher matcher = COMMAND.matcher(line == null ? "" : line);
            if (!matcher.find()) {
                return null;
            }
            id = matcher.group(2);
            return matcher.group(1);
        }

        void answer(String value) throws IOException {
            send("{\"return\": %s, \"id\": %s}".formatted(value, id));
        }

        void refuse(String description) throws IOException {
            send("{\"id\": %s, \"error\": {\"class\": \"GenericError\", \"desc\": \"%s\"}}".formatted(id, description));
        }

        void send(String line) throws IOException {
            channel.write(ByteBuffer.wrap((line + "\r\n").getBytes(StandardCharsets.UTF_8)));
        }

        /** Reads without answering until the client closes the connection. */
        void hang() throws IOException {
            while (reader.read() >= 0) {
                // Discarded.
            }
        }
    }
}
