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
 * The protocol of the lab's guest on its serial console: one line with a command and one line with the answer. {@code show}
 * prints its parameters, {@code set k=v …} changes them, and {@code verify} checks its memory.
 */
public final class GuestConsole {

    /** A guest may lose a command while it boots. {@code show} can be repeated without harm. */
    private static final Duration ASK_AGAIN = Duration.ofMillis(200);

    private final Path socket;

    /**
     * @param socket Unix socket of the console
     */
    public GuestConsole(Path socket) {
        this.socket = socket;
    }

    /**
     * Waits until the guest has filled its memory and runs its workload.
     *
     * @return its parameters, as it prints them
     * @throws LabException when it does not answer in time or answers with an error
     */
    public String awaitReady(Duration timeout) {
        return ask("show", "iterations=", timeout);
    }

    /**
     * Changes the workload of the guest.
     *
     * @param settings {@code key=value} pairs, separated by blanks
     * @return the guest's parameters after the change
     * @throws LabException when the guest refuses the settings, with its message, or does not answer
     */
    public String set(String settings) {
        return ask("set " + settings, "set ok", Duration.ofSeconds(20));
    }

    /**
     * Has the guest check all its memory.
     *
     * @return its answer: {@code verify ok …}, or {@code verify BAD …} with the number of damaged pages
     * @throws LabException when it does not answer
     */
    public String verify() {
        return ask("verify", "verify ", Duration.ofSeconds(60));
    }

    private String ask(String line, String expected, Duration timeout) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            long deadline = System.nanoTime() + timeout.toNanos();
            Lines lines = new Lines(channel, selector);
            while (System.nanoTime() < deadline) {
                // the empty line ends a command that an interrupted connection may have left unfinished
                channel.write(ByteBuffer.wrap(("\n" + line + "\n").getBytes(StandardCharsets.US_ASCII)));
                long patience = Math.min(deadline, System.nanoTime() + ASK_AGAIN.toNanos());
                String answer = answer(lines, expected, line.equals("show") ? patience : deadline);
                if (answer != null) {
                    return answer;
                }
            }
        } catch (IOException e) {
            throw new LabException("The guest's console %s does not work: %s".formatted(socket, e.getMessage()), e);
        }
        throw new LabException("The guest at %s does not answer '%s' within %d s. Maybe its VM is paused."
                .formatted(socket, line, timeout.toSeconds()));
    }

    private static String answer(Lines lines, String expected, long deadline) throws IOException {
        String line;
        while ((line = lines.next(deadline)) != null) {
            // the answer to an unfinished command; it lists all commands, so it contains the expected one too
            if (line.startsWith("error unknown command")) {
                continue;
            }
            if (line.contains(expected)) {
                return line;
            }
            if (line.startsWith("error")) {
                throw new LabException("The guest refuses the command: " + line);
            }
        }
        return null;
    }

    /** Reads the console's output line by line. */
    private static final class Lines {
        private final SocketChannel channel;
        private final Selector selector;
        private final StringBuilder text = new StringBuilder();
        private final ByteBuffer buffer = ByteBuffer.allocate(4096);

        Lines(SocketChannel channel, Selector selector) {
            this.channel = channel;
            this.selector = selector;
        }

        /** The next line, or null when none arrived before the deadline or the console was closed. */
        String next(long deadline) throws IOException {
            int end;
            while ((end = text.indexOf("\n")) < 0) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return null;
                }
                selector.select(left);
                selector.selectedKeys().clear();
                if (channel.read(buffer) < 0) {
                    return null;
                }
                text.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
                buffer.clear();
            }
            String line = text.substring(0, end).strip();
            text.delete(0, end + 1);
            return line;
        }
    }
}
