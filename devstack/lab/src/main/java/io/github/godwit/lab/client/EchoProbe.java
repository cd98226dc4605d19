package io.github.godwit.lab.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Sends a datagram to the guest every 10 ms, which the guest sends back with the work that it has done. Each datagram stands alone, so
 * the gaps between the answers are those of the guest and the network, without TCP's retransmission timers.
 */
final class EchoProbe {

    private static final int PORT = 7;
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final String address;
    private final Series answers = new Series();
    private final Series work = new Series();
    private long workBefore = -1;

    EchoProbe(String address) {
        this.address = address;
    }

    /** The answers, each worth 1. */
    Series answers() {
        return answers;
    }

    /** The work of the guest, in its own unit. */
    Series work() {
        return work;
    }

    /** Sends and receives until the thread is interrupted. */
    void run() throws IOException {
        try (DatagramChannel channel = DatagramChannel.open();
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            InetSocketAddress guest = new InetSocketAddress(address, PORT);
            ByteBuffer buffer = ByteBuffer.allocate(512);
            long next = System.nanoTime();
            for (long number = 0; !Thread.currentThread().isInterrupted(); ) {
                long now = System.nanoTime();
                if (next - now <= 0) {
                    send(channel, guest, number++);
                    next = Math.max(next + PERIOD_NANOS, now);
                }
                selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(next - now)));
                selector.selectedKeys().clear();
                while (receive(channel, buffer)) {
                    took(
                            System.nanoTime(),
                            StandardCharsets.US_ASCII.decode(buffer.flip()).toString());
                    buffer.clear();
                }
            }
        } catch (ClosedByInterruptException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The kernel reports here that nobody answered an earlier datagram, which is what this measures. */
    private static void send(DatagramChannel channel, InetSocketAddress guest, long number) throws IOException {
        try {
            channel.send(ByteBuffer.wrap((number + " ").getBytes(StandardCharsets.US_ASCII)), guest);
        } catch (PortUnreachableException | NoRouteToHostException e) {
            // no answer
        }
    }

    private static boolean receive(DatagramChannel channel, ByteBuffer buffer) throws IOException {
        return channel.receive(buffer) != null;
    }

    /** Records an answer: the number that was sent, a blank, and the work so far. */
    void took(long time, String answer) {
        answers.add(time, 1);
        String text = answer.substring(answer.indexOf(' ') + 1).strip();
        if (text.matches("[0-9]{1,18}")) {
            long done = Long.parseLong(text);
            if (workBefore >= 0) {
                work.add(time, Math.max(0, done - workBefore));
            }
            workBefore = done;
        }
    }
}
