package io.github.godwit.host.qmp;

import io.github.godwit.common.DaemonThreads;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects to the Unix socket of a monitor within a time. */
final class MonitorSocket {

    private static final Logger LOG = LoggerFactory.getLogger(MonitorSocket.class);

    private MonitorSocket() {}

    /**
     * Connects. QEMU's socket has a short queue: if another program is connected, the kernel may let this one wait without end.
     *
     * @throws QmpException if nothing listens on the socket, or if there is no connection in time
     */
    static SocketChannel connect(Path socket, Duration timeout) throws QmpException {
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            SocketChannel connecting = channel;
            FutureTask<Boolean> task = new FutureTask<>(() -> connecting.connect(UnixDomainSocketAddress.of(socket)));
            DaemonThreads.start("qmp-connect", task);
            task.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return channel;
        } catch (ExecutionException e) {
            throw unconnected(socket, channel, String.valueOf(e.getCause().getMessage()), e);
        } catch (TimeoutException e) {
            throw unconnected(socket, channel, "no connection within %d ms".formatted(timeout.toMillis()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unconnected(socket, channel, "interrupted", e);
        } catch (IOException e) {
            throw unconnected(socket, channel, String.valueOf(e.getMessage()), e);
        }
    }

    private static QmpException unconnected(Path socket, SocketChannel channel, String reason, Exception cause) {
        try (channel) {
            LOG.trace("Closing {}", channel);
        } catch (IOException e) {
            LOG.debug("The monitor socket {} did not close cleanly", socket, e);
        }
        return new QmpException(
                "Cannot connect to the QEMU monitor at %s: %s.".formatted(socket, reason), false, cause);
    }
}
