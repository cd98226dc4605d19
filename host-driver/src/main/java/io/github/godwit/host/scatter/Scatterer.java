package io.github.godwit.host.scatter;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.host.scatter.BatchWriter.Pending;
import io.github.godwit.host.scatter.Link.Frame;
import io.github.godwit.host.scatter.Link.Kind;
import io.github.godwit.host.scatter.store.BatchStore;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The source's side of scatter-gather: stands between the source's QEMU and the destination's host driver. Until the switch it passes QEMU's
 * stream on. Then it stores pages on the intermediaries at the rate at which QEMU sends them, and sends the destination only what it waits for. When all
 * are stored and the destination knows where, it answers QEMU as the destination's QEMU would: the source is free.
 *
 * <p>As long as QEMU has pages to send, whatever fails closes the connections of both QEMUs, whose post-copy is then paused: the host drivers
 * recover it without intermediaries. A QEMU that has sent every page waits for the answer and cannot be recovered any more (migration.c,
 * {@code migration_completion}: its migration fails). From then on nothing that was sent is given up: an intermediary that fails is asked again,
 * or the other copy suffices. The number of batches is stored after them; a destination whose host driver has written down where they are, which
 * it does at the switch, finds them without this side. If it is not known whether it has, all is stored, and the source keeps its QEMU.
 */
public final class Scatterer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Scatterer.class);

    private static final Duration CONNECTS = Duration.ofSeconds(5);

    /** Between polls of the intermediaries: which one is slow, or takes nothing any more. */
    private static final Duration WATCH = Duration.ofSeconds(2);

    private static final String BROKE = "The connection to the destination's host driver broke: ";

    private final ScatterTerms terms;
    private final Path path;
    private final ServerSocketChannel listener;
    private final Link link;
    private final List<BatchWriter> writers = new ArrayList<>();
    private final OpenParts open;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicBoolean alone = new AtomicBoolean();
    private final Set<Integer> failing = ConcurrentHashMap.newKeySet();
    private final Consumer<String> notes;
    private final QemuEnd end;
    private final DevicesLoaded devices = new DevicesLoaded();
    private volatile Thread reader;
    private volatile QemuSocket qemu;
    private volatile PendingBatches pending;
    private volatile boolean recorded;
    private volatile boolean stored;

    private Scatterer(ScatterTerms terms, Path path, Link link, QemuEnd end, Consumer<String> notes)
            throws IOException {
        this.terms = terms;
        this.path = path;
        this.link = link;
        this.notes = notes;
        this.end = end;
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
     * @param end         whether QEMU has sent every page
     * @param notes       receives what an operator should know
     * @throws IOException if one of them does not answer; nothing is left behind
     */
    public static Scatterer start(
            ScatterTerms terms, Path path, InetSocketAddress destination, QemuEnd end, Consumer<String> notes)
            throws IOException {
        Socket socket = new Socket();
        Scatterer scatterer = null;
        try {
            socket.connect(destination, (int) CONNECTS.toMillis());
            scatterer = new Scatterer(terms, path, new Link(socket), end, notes);
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
            int intermediary = writers.size();
            writers.add(new BatchWriter(terms.migration(), factory, open, new BatchWriter.Events() {
                @Override
                public void stored(Pending batch) {
                    if (pending.copied(batch, intermediary)) {
                        settled(batch);
                    }
                }

                @Override
                public boolean failed(IOException reason) {
                    return Scatterer.this.failed(intermediary, reason);
                }
            }));
        }
        writers.forEach(writer -> open.start("scatter-stores", writer));
        open.start("scatter-pulse", this::pulse);
        open.start("scatter-watch", this::watch);
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
            pending = new PendingBatches(layout.blocks(), terms.placement(), terms.zstd());
            link.send(Kind.SWITCHING, layout::write);
        }

        @Override
        public void switched() {
            toDestination(Kind.SWITCHED, out -> {});
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
                pending.add(block, page, content, fill).ifPresent(Scatterer.this::store);
                if (pending.isWanted(block, page)) {
                    FeedQueue.Page wanted = new FeedQueue.Page(block, page, content, 0, fill);
                    toDestination(Kind.PAGE, wanted::write);
                }
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }

        @Override
        public void end() throws IOException {
            if (!end.comes(pending)) {
                return;
            }
            pending.last().ifPresent(Scatterer.this::store);
            store(pending.end());
            toDestination(Kind.END, out -> out.writeInt(pending.count()));
            try {
                if (pending.awaitStored()) {
                    stored = true;
                    freeIfAllIsSafe();
                }
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }
    }

    /** If it is gone, {@link #readLink} notices that, after what it has sent before. */
    private void toDestination(Kind kind, Link.Content content) {
        try {
            link.send(kind, content);
        } catch (IOException e) {
            LOG.debug("The destination of migration {} gets no {}", terms.migration(), kind, e);
        }
    }

    private void store(Pending batch) {
        terms.placement().all(batch.number()).stream()
                .forEach(intermediary -> writers.get(intermediary).add(batch));
    }

    private void settled(Pending batch) {
        if (!batch.isCount()) {
            byte[] bytes = batch.bytes();
            toDestination(Kind.STORED, out -> {
                out.writeInt(batch.number());
                out.write(bytes, 0, PageBatch.indexBytes(bytes));
            });
        }
        pending.forget(batch); // last, because the end waits for it
    }

    /** Whether the intermediary is asked again until it takes its batches: where QEMU cannot be recovered, nothing else is left. */
    private boolean failed(int intermediary, IOException reason) {
        if (over.get()) {
            return false;
        }
        if (pending == null || canBeRecovered()) {
            giveUp(reason.getMessage());
            return false;
        }
        if (failing.add(intermediary)) {
            notes.accept(
                    "%s; QEMU has sent every page, so what it lacks is stored again until it takes that, or another copy suffices"
                            .formatted(reason.getMessage()));
        }
        pending.failed(intermediary).forEach(this::settled);
        return true;
    }

    private void giveUpASlowOne() {
        if (pending != null) {
            pending.keepsAllWaiting().ifPresent(intermediary -> {
                String name = terms.stores().get(intermediary).name();
                failed(
                        intermediary,
                        new IOException("Intermediary %s takes pages far more slowly than the others".formatted(name)));
            });
        }
    }

    private boolean canBeRecovered() {
        return end.leavesPages(pending, this::awaitDevices, () -> toDestination(Kind.LAST, out -> {}));
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
            link.close(); // nobody writes to a silent link any more
            withoutDestination(BROKE + e.getMessage());
        }
    }

    /** The destination's host driver does not take part any more. If it has the record, it or the next one finds what is stored. */
    private void withoutDestination(String reason) {
        if (over.get()) {
            return;
        }
        if (pending == null || canBeRecovered()) {
            giveUp(reason);
        } else if (alone.compareAndSet(false, true)) {
            LOG.warn(
                    "Migration {}, of which all pages were sent, continues without the destination: {}",
                    terms.migration(),
                    reason);
            link.close();
            freeIfAllIsSafe();
        }
    }

    private void handle(Frame frame) throws IOException {
        switch (frame.kind()) {
            case RETURN -> qemu.out().write(frame.content());
            case REQUEST -> request(frame.in());
            case LOADED -> devices.told();
            case RECORDED -> {
                recorded = true;
                freeIfAllIsSafe();
            }
            case FAILED -> withoutDestination(new String(frame.content(), StandardCharsets.UTF_8));
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

    private void freeIfAllIsSafe() {
        if (stored && recorded && over.compareAndSet(false, true)) {
            try {
                ReturnPath.shut(qemu.out());
            } catch (IOException e) {
                LOG.warn("QEMU has ended before migration {} did", terms.migration(), e);
            } finally {
                release();
            }
        } else if (stored && alone.get()) {
            giveUp("all pages are on the intermediaries, but the destination may not know how many there are");
        }
    }

    private void watch() {
        try {
            while (!over.get()) {
                TimeUnit.NANOSECONDS.sleep(WATCH.toNanos());
                giveUpASlowOne();
                writers.forEach(BatchWriter::endStalled);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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

    /** Leaves the migration to both QEMUs and to whoever recovers it. What is stored stays where nobody can send it again. */
    private void giveUp(String reason) {
        if (pending != null && !over.get()) {
            awaitDevices();
        }
        if (!over.compareAndSet(false, true)) {
            return;
        }
        boolean again = pending == null || !pending.isDraining();
        if (pending != null) {
            notes.accept((again
                            ? "Scatter-gather was given up, and the pages go directly to the destination: "
                            : "Scatter-gather was given up after all pages were sent: ")
                    + reason);
        }
        if (qemu != null) {
            qemu.close();
        }
        link.fail(reason);
        release();
        if (again) {
            terms.removeBatches();
        }
    }

    private void awaitDevices() {
        if (Thread.currentThread() != reader) { // which alone hears that the devices are loaded
            devices.await();
        }
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
