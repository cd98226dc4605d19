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

/** A Unix socket that plays a QEMU monitor, well or badly: what real QEMU does not do on demand. */
final class FakeQemu implements Closeable {

    static final String GREETING =
            "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 2, \"minor\": 0, \"major\": 10}}, \"capabilities\": []}}";

    private static final Pattern COMMAND = Pattern.compile("\"execute\":\"([^\"]+)\".*\"id\":(\\d+)");

    private final ServerSocketChannel server;

    /** What the fake does with its one client. */
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

    /** The connected client, seen from the fake. */
    static final class Client {
        private final SocketChannel channel;
        private final BufferedReader reader;
        private String id = "0";

        Client(SocketChannel channel) {
            this.channel = channel;
            this.reader = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
        }

        /** Greets and answers the negotiation, as QEMU does. */
        void negotiate() throws IOException {
            send(GREETING);
            command();
            answer("{}");
        }

        /** Waits for the next command and tells its name; null at the end. */
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

        void refuse(String words) throws IOException {
            send("{\"id\": %s, \"error\": {\"class\": \"GenericError\", \"desc\": \"%s\"}}".formatted(id, words));
        }

        void send(String line) throws IOException {
            channel.write(ByteBuffer.wrap((line + "\r\n").getBytes(StandardCharsets.UTF_8)));
        }

        /** Reads and says nothing until the other side gives up. */
        void hang() throws IOException {
            while (reader.read() >= 0) {
                // Nothing to do with it.
            }
        }
    }
}
