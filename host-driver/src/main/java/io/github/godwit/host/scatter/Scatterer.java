package io.github.godwit.host.scatter;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.host.scatter.BatchWriter.Pending;
import io.github.godwit.host.scatter.Link.Frame;
import io.github.godwit.host.scatter.Link.Kind;
import io.github.godwit.host.scatter.stream.QemuSocket;
import io.github.godwit.host.scatter.stream.ReturnPath;
import io.github.godwit.host.scatter.stream.SourceStream;
import io.github.godwit.host.scatter.stream.SourceStream.Layout;
import io.github.godwit.host.scatter.stream.StreamException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The source's side of scatter-gather: stands between the source's QEMU and the destination's host driver. Until the switch it passes QEMU's
 * stream on. Then it stores pages on the intermediaries at the rate at which QEMU sends them, and sends the destination only what it waits for. When all
 * are stored and the destination knows where, it answers QEMU as the destination's QEMU would: the source is free.
 *
 * <p>Whatever fails before that closes the connections of both QEMUs, whose post-copy is then paused: the host drivers recover it without
 * intermediaries.
 */
public final class Scatterer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Scatterer.class);

    private static final Duration CONNECTS = Duration.ofSeconds(5);

    private final ScatterTerms terms;
    private final Path path;
    private final ServerSocketChannel listener;
    private final Link link;
    private final List<BatchWriter> writers = new ArrayList<>();
    private final OpenParts open;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Consumer<String> notes;
    private final DevicesLoaded devices = new DevicesLoaded();
    private volatile Thread reader;
    private volatile QemuSocket qemu;
    private volatile PendingBatches pending;

    private Scatterer(ScatterTerms terms, Path path, Link link, Consumer<String> notes) throws IOException {
        this.terms = terms;
        this.path = path;
        this.link = link;
        this.notes = notes;
        this.open = new OpenParts(terms.migration());
        Files.deleteIfExists(path);
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(path), 1);
    }

    /**
     * Connects to the destination and the intermediaries, and listens for QEMU.
     *
     * @param path        of the Unix socket to listen on
     * @param destination where the destination's host driver listens for this migration
     * @param notes       receives what an operator should know
     * @throws IOException if one of them does not answer; nothing is left behind
     */
    public static Scatterer start(ScatterTerms terms, Path path, InetSocketAddress destination, Consumer<String> notes)
            throws IOException {
        Socket socket = new Socket();
        Scatterer scatterer = null;
        try {
            socket.connect(destination, (int) CONNECTS.toMillis());
            scatterer = new Scatterer(terms, path, new Link(socket), notes);
            scatterer.begin();
            return scatterer;
        } catch (IOException | RuntimeException e) {
            if (scatterer != null) {
                scatterer.close();
            }
            socket.close();
            throw e;
        }
    }

    private void begin() throws IOException {
        open.add(link::close);
        open.add(listener);
        link.send(Kind.HELLO, terms.key().getBytes(StandardCharsets.US_ASCII));
        for (BatchStore.Factory factory : terms.stores()) {
            BatchStore store = factory.open();
            open.add(store::close);
            writers.add(new BatchWriter(terms.migration(), store, new BatchWriter.Events() {
                @Override
                public void stored(Pending batch) throws IOException {
                    Scatterer.this.stored(batch);
                }

                @Override
                public void failed(IOException reason) {
                    giveUp(reason.getMessage());
                }
            }));
        }
        writers.forEach(writer -> open.start("scatter-stores", writer));
        open.start("scatter-pulse", this::pulse);
        // These two end with their connections: an interrupt would close QEMU's.
        reader = thread("link", this::readLink);
        thread("reads", this::readQemu);
    }

    private Thread thread(String task, Runnable run) {
        return DaemonThreads.start("scatter-%s-%s".formatted(task, terms.migration()), run);
    }

    /** The URI that QEMU has to migrate to. */
    public String uri() {
        return "unix:" + path;
    }

    private void readQemu() {
        try {
            qemu = new QemuSocket(listener.accept());
            listener.close();
            Files.deleteIfExists(path);
            OutputStream passOn = new OutputStream() {
                @Override
                public void write(int one) throws IOException {
                    link.send(Kind.STREAM, new byte[] {(byte) one});
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    link.send(Kind.STREAM, bytes, offset, length);
                }
            };
            SourceStream stream = new SourceStream(qemu.in(), passOn, new Pages());
            try {
                stream.read();
            } catch (StreamException e) {
                if (stream.hasSwitched()) {
                    throw e;
                }
                notes.accept("The pages go directly to the destination: %s".formatted(e.getMessage()));
                stream.passRest();
            }
            awaitTheEndOfQemusConnection();
        } catch (IOException e) {
            giveUp(e.getMessage());
        }
    }

    /** QEMU reads the answer before it closes its side. */
    private void awaitTheEndOfQemusConnection() throws IOException {
        InputStream in = qemu.in();
        while (in.read() >= 0) {
            LOG.debug("QEMU has sent something after the end of migration {}", terms.migration());
        }
        qemu.close();
        giveUp("QEMU has closed its connection");
    }

    private static IOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted");
    }

    private final class Pages implements SourceStream.Sink {
        @Override
        public void switching(Layout layout) throws IOException {
            pending = new PendingBatches(layout.blocks(), terms.copies(), terms.zstd());
            link.send(Kind.SWITCHING, layout::write);
        }

        @Override
        public void switched() throws IOException {
            link.send(Kind.SWITCHED);
        }

        @Override
        public void page(int block, int page, byte[] content) throws IOException {
            add(block, page, content, (byte) 0);
        }

        @Override
        public void filled(int block, int page, byte content) throws IOException {
            add(block, page, null, content);
        }

        private void add(int block, int page, byte[] content, byte fill) throws IOException {
            try {
                Optional<Pending> full = pending.add(block, page, content, fill);
                if (pending.isWanted(block, page)) {
                    send(new FeedQueue.Page(block, page, content, 0, fill));
                }
                full.ifPresent(Scatterer.this::store);
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }

        @Override
        public void end() throws IOException {
            pending.last().ifPresent(Scatterer.this::store);
            try {
                if (pending.awaitStored()) {
                    link.send(Kind.END, out -> out.writeInt(pending.count()));
                }
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }
    }

    private void store(Pending batch) {
        Placement placement = terms.placement();
        for (int copy = 0; copy < terms.copies(); copy++) {
            writers.get(placement.of(batch.number(), copy)).add(batch);
        }
    }

    private void stored(Pending batch) throws IOException {
        if (pending.copied(batch)) {
            byte[] bytes = batch.bytes();
            link.send(Kind.STORED, out -> {
                out.writeInt(batch.number());
                out.write(bytes, 0, PageBatch.indexBytes(bytes));
            });
            pending.forget(batch); // last, because the end waits for it
        }
    }

    private void send(FeedQueue.Page page) throws IOException {
        link.send(Kind.PAGE, page::write);
    }

    private void readLink() {
        try {
            while (!over.get()) {
                handle(link.receive());
            }
        } catch (IOException e) {
            giveUp("The connection to the destination's host driver broke: " + e.getMessage());
        }
    }

    private void handle(Frame frame) throws IOException {
        switch (frame.kind()) {
            case RETURN -> qemu.out().write(frame.content());
            case REQUEST -> request(frame.in());
            case LOADED -> devices.told();
            case FREE -> free();
            case FAILED -> giveUp(new String(frame.content(), StandardCharsets.UTF_8));
            default -> {}
        }
    }

    private void request(DataInputStream in) throws IOException {
        int block = in.readUnsignedShort();
        int page = in.readInt();
        switch (pending.ask(block, page)) {
            case ASK_QEMU -> ReturnPath.request(qemu.out(), pending.blocks().name(block), page);
            case SEND -> {
                Optional<FeedQueue.Page> found = pending.find(block, page);
                if (found.isPresent()) {
                    send(found.get());
                }
            }
            case STORED -> {}
        }
    }

    private void free() throws IOException {
        if (over.compareAndSet(false, true)) {
            ReturnPath.shut(qemu.out());
            release();
        }
    }

    private void pulse() {
        try {
            link.pulse(() -> !over.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("The link of migration {} is gone", terms.migration(), e);
        }
    }

    /** Leaves the migration to both QEMUs and to whoever recovers it. */
    private void giveUp(String reason) {
        boolean heard = Thread.currentThread() != reader; // which alone hears that the devices are loaded
        if (pending != null && heard && !over.get()) {
            devices.await();
        }
        if (!over.compareAndSet(false, true)) {
            return;
        }
        if (pending != null) {
            notes.accept("Scatter-gather was given up, and the pages go directly to the destination: " + reason);
        }
        try {
            link.send(Kind.FAILED, reason.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.debug("The destination of migration {} cannot be told", terms.migration(), e);
        }
        if (qemu != null) {
            qemu.close();
        }
        release();
        terms.removeBatches();
    }

    /** Closes everything but QEMU's connection. */
    private void release() {
        if (pending != null) {
            pending.close();
        }
        open.close();
    }

    /** Gives up, unless the source is free. */
    @Override
    public void close() {
        giveUp("the migration has ended");
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.debug("{} is gone", path, e);
        }
    }
}
