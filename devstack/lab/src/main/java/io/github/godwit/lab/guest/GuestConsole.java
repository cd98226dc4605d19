package io.github.godwit.lab.guest;

import io.github.godwit.lab.LabException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A conversation with the lab's guest over its serial console, one line each way. The protocol: {@code show} gives its
 * parameters, {@code set k=v …} changes them, {@code verify} checks its memory.
 */
public final class GuestConsole {

    private static final Duration ASK_AGAIN = Duration.ofMillis(300);

    private final Path socket;

    /**
     * @param socket Unix socket of the console
     */
    public GuestConsole(Path socket) {
        this.socket = socket;
    }

    /**
     * Waits until the guest has filled its memory and works.
     *
     * @return its parameters, as it tells them
     * @throws LabException when it does not answer in time, or complains
     */
    public String awaitReady(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            // Not sent to a guest that boots: it would find the line when it is ready, so asking again is harmless.
            String answer = exchange("show", "iterations=", ASK_AGAIN);
            if (answer != null) {
                return answer;
            }
            if (System.nanoTime() > deadline) {
                throw new LabException(
                        "The guest at %s does not answer within %d s.".formatted(socket, timeout.toSeconds()));
            }
        }
    }

    /**
     * Changes what the guest does.
     *
     * @param settings {@code key=value} pairs with blanks between
     * @return the guest's parameters after it
     * @throws LabException when the guest refuses, in its words, or does not answer
     */
    public String set(String settings) {
        return ask("set " + settings, "set ok", Duration.ofSeconds(20));
    }

    /**
     * Has the guest check all its memory.
     *
     * @return its answer, {@code verify ok …}, or {@code verify BAD …} with what is wrong
     * @throws LabException when it does not answer
     */
    public String verify() {
        return ask("verify", "verify ", Duration.ofSeconds(60));
    }

    private String ask(String line, String expected, Duration timeout) {
        String answer = exchange(line, expected, timeout);
        if (answer == null) {
            throw new LabException("The guest at %s does not answer '%s' within %d s. Maybe it stands still."
                    .formatted(socket, line, timeout.toSeconds()));
        }
        return answer;
    }

    /** Sends a line and waits for one that contains a word; null when none came in time. */
    private String exchange(String line, String expected, Duration timeout) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII)));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            return await(channel, selector, expected, System.nanoTime() + timeout.toNanos());
        } catch (IOException e) {
            throw new LabException("The guest's console %s cannot be used: %s".formatted(socket, e.getMessage()), e);
        }
    }

    private static String await(SocketChannel channel, Selector selector, String expected, long deadline)
            throws IOException {
        StringBuilder text = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (System.nanoTime() < deadline) {
            selector.select(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            selector.selectedKeys().clear();
            int read = channel.read(buffer);
            if (read < 0) {
                return null;
            }
            text.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
            buffer.clear();
            int end;
            while ((end = text.indexOf("\n")) >= 0) {
                String line = text.substring(0, end).strip();
                text.delete(0, end + 1);
                if (line.startsWith("error")) {
                    throw new LabException("The guest refuses: " + line);
                }
                if (line.contains(expected)) {
                    return line;
                }
            }
        }
        return null;
    }
}
