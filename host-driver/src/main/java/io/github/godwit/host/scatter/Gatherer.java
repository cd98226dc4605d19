package io.github.godwit.host.scatter;

import io.github.godwit.host.scatter.Link.Frame;
import io.github.godwit.host.scatter.Link.Kind;
import io.github.godwit.host.scatter.PageTable.Place;
import io.github.godwit.host.scatter.stream.QemuSocket;
import io.github.godwit.host.scatter.stream.QemuStream.Return;
import io.github.godwit.host.scatter.stream.ReturnPath;
import io.github.godwit.host.scatter.stream.ReturnPath.Message;
import io.github.godwit.host.scatter.stream.SourceStream.Layout;
import io.github.godwit.host.scatter.stream.StreamException;
import io.github.godwit.hostapi.scatter.GatherStatus;
import io.github.godwit.hostapi.scatter.GatherStatus.Phase;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The destination's side of scatter-gather: stands between the source's host driver and the destination's QEMU. Until the switch it passes the source's
 * stream on. Then it fetches pages from the intermediaries as fast as QEMU takes them, those that QEMU asks for first, each once. What is not stored yet it asks the
 * source for.
 */
public final class Gatherer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gatherer.class);

    /** From the preparation until the source connects. */
    private static final Duration EXPECTS = Duration.ofSeconds(60);

    /** For whoever connects to show the key; the source waits meanwhile, if that is somebody else. */
    private static final Duration HELLO = Duration.ofSeconds(3);

    /** For a QEMU to say which pages it has, and to continue. */
    private static final Duration RESUMES = Duration.ofSeconds(30);

    /** Between attempts to find batches that the source stores still, and nobody announces. */
    private static final Duration INDEXES = Duration.ofMillis(500);

    private final ScatterTerms terms;
    private final Path qemuPath;
    private final Path record;
    private final ServerSocket listener;
    private final FeedQueue feed = new FeedQueue();
    private final ServeTimes times = new ServeTimes();
    private final DevicesLoaded devices = new DevicesLoaded();
    private final BulkPace pace;
    private final List<Fetcher> urgent = new ArrayList<>();
    private final OpenParts open;
    private volatile Link link;
    private volatile QemuSocket qemu;
    private volatile Layout layout;
    private volatile PageTable table;
    private final Object recording = new Object();
    private boolean counted;
    private Phase phase = Phase.PASSING;
    private String failure = "";

    private Gatherer(ScatterTerms terms, Path qemuPath, Path record, ServerSocket listener) {
        this.terms = terms;
        this.qemuPath = qemuPath;
        this.record = record;
        this.listener = listener;
        this.pace = new BulkPace(terms.stores().size());
        this.open = new OpenParts(terms.migration());
    }

    /**
     * Listens for the source.
     *
     * @param qemuPath Unix socket on which the destination's QEMU listens
     * @param record   file that gets what {@link #resume} needs
     * @param address  IP address to listen on
     * @throws IOException if it cannot
     */
    public static Gatherer start(ScatterTerms terms, Path qemuPath, Path record, String address) throws IOException {
        ServerSocket listener = new ServerSocket();
        try {
            listener.bind(new InetSocketAddress(InetAddress.getByName(address), 0), 1);
            listener.setSoTimeout((int) EXPECTS.toMillis());
        } catch (IOException e) {
            listener.close();
            throw e;
        }
        Gatherer gatherer = new Gatherer(terms, qemuPath, record, listener);
        gatherer.open.add(listener);
        gatherer.thread("link", gatherer::readLink);
        return gatherer;
    }

    /**
     * Fetches the rest after a restart; the source is free, and QEMU's connection broke.
     *
     * @param qemuPath Unix socket on which QEMU listens again
     * @param known    what was recorded
     * @param batches  number of batches
     * @param record   the file that has what was recorded
     */
    public static Gatherer resume(ScatterTerms terms, Path qemuPath, GatherRecord known, int batches, Path record) {
        Gatherer gatherer = new Gatherer(terms, qemuPath, record, null);
        gatherer.layout = known.layout();
        gatherer.phase = Phase.GATHERING;
        gatherer.devices.told();
        gatherer.thread("resume", () -> gatherer.resume(batches));
        gatherer.thread("patience", gatherer::awaitTheHandshake);
        return gatherer;
    }

    private void resume(int batches) throws IOException, InterruptedException {
        connectToQemu();
        ReturnPath path = new ReturnPath(qemu.in(), () -> layout.blocks());
        PageTable pages = ResumeHandshake.run(new QemuFeed(qemu.out(), layout), path, layout, terms.placement());
        startFetching(pages);
        pages.complete(batches);
        switched();
        thread("indexes", this::fetchIndexes);
        LOG.info("The rest of the pages of migration {} is fetched", terms.migration());
        readQemu(path);
    }

    /** A QEMU that does not answer is connected to again. */
    private void awaitTheHandshake() throws IOException, InterruptedException {
        TimeUnit.NANOSECONDS.sleep(RESUMES.toNanos());
        if (table == null) {
            throw new IOException("QEMU has not continued within %d s".formatted(RESUMES.toSeconds()));
        }
    }

    /** What the source did not say: it may store batches still, which are waited for. */
    private void fetchIndexes() throws IOException, InterruptedException {
        Fetcher indexes = new Fetcher(terms, table, feed, pace, 0);
        try {
            for (List<Integer> unknown = table.unknown(); !unknown.isEmpty(); unknown = table.unknown()) {
                boolean found = false;
                for (int batch : unknown) {
                    Optional<PageBatch.Index> index = indexes.index(batch);
                    if (index.isPresent()) {
                        stored(batch, index.get());
                        found = true;
                    }
                }
                if (!found) {
                    TimeUnit.NANOSECONDS.sleep(INDEXES.toNanos());
                }
            }
        } finally {
            indexes.closeStores();
        }
    }

    /** The port on which it listens. */
    public int port() {
        return listener.getLocalPort();
    }

    /** What the source has to show. */
    public String key() {
        return terms.key();
    }

    /** How far it is. */
    public synchronized GatherStatus status() {
        PageTable pages = table;
        return new GatherStatus(
                phase,
                pages == null ? 0 : pages.known(),
                pages == null ? 0 : pages.given(),
                times.count(),
                times.medianMillis(),
                failure);
    }

    private synchronized boolean isOver() {
        return phase == Phase.DONE || phase == Phase.FAILED;
    }

    private synchronized boolean needsSource() {
        return phase == Phase.PASSING || phase == Phase.SCATTERING;
    }

    private synchronized void enter(Phase next) {
        if (!isOver()) {
            phase = next;
        }
    }

    /** Work of one thread. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void thread(String task, Work work) {
        open.start("gather-" + task, () -> {
            try {
                work.run();
            } catch (IOException e) {
                giveUp(e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void readLink() throws IOException, InterruptedException {
        accept();
        try {
            while (needsSource()) {
                handle(link.receive());
            }
        } catch (IOException e) {
            link.close(); // nobody writes to a silent link any more
            if (needsSource()) {
                if (table == null || !table.isComplete()) {
                    throw new IOException("The connection to the source's host driver broke: " + e.getMessage(), e);
                }
                LOG.warn("The source's host driver of migration {} is gone; all pages were sent", terms.migration());
                enter(Phase.GATHERING);
                fetchIndexes();
            }
        }
    }

    /** Whoever does not know the key is sent away; the source connects once. */
    private void accept() throws IOException {
        while (link == null) {
            Link caller = new Link(listener.accept());
            open.add(caller::close);
            if (knowsTheKey(caller)) {
                link = caller;
            } else {
                LOG.warn("Somebody without the key of migration {} has connected", terms.migration());
                caller.close();
            }
        }
        listener.close();
        thread("pulse", this::pulse);
        connectToQemu();
        thread("return", () -> readQemu(new ReturnPath(qemu.in(), () -> layout == null ? null : layout.blocks())));
    }

    private void connectToQemu() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        qemu = new QemuSocket(channel);
        open.add(qemu::close);
        channel.connect(UnixDomainSocketAddress.of(qemuPath));
    }

    private boolean knowsTheKey(Link caller) {
        try {
            caller.silence(HELLO);
            Frame hello = caller.receive();
            caller.silence(Link.SILENCE);
            byte[] key = terms.key().getBytes(StandardCharsets.US_ASCII);
            return hello.kind() == Kind.HELLO && MessageDigest.isEqual(hello.content(), key);
        } catch (IOException e) {
            LOG.debug("A caller of migration {} has said nothing", terms.migration(), e);
            return false;
        }
    }

    private void handle(Frame frame) throws IOException {
        switch (frame.kind()) {
            case STREAM -> qemu.out().write(frame.content());
            case SWITCHING -> switching(frame.in());
            case SWITCHED -> switched();
            case STORED -> stored(frame);
            case PAGE -> page(frame);
            case LAST -> table.last();
            case END -> end(frame.in());
            case FAILED -> throw new IOException(new String(frame.content(), StandardCharsets.UTF_8));
            default -> {}
        }
    }

    /** QEMU asks for pages as soon as it has the package of device states, which comes next. */
    private void switching(DataInputStream in) throws IOException {
        layout = Layout.read(in);
        startFetching(new PageTable(layout.blocks(), terms.placement()));
        enter(Phase.SCATTERING);
        thread("record", () -> record(null)); // the VM waits for this thread
    }

    private void startFetching(PageTable pages) {
        for (int intermediary = 0; intermediary < terms.stores().size(); intermediary++) {
            Fetcher batches = new Fetcher(terms, pages, feed, pace, intermediary);
            Fetcher single = new Fetcher(terms, pages, feed, pace, intermediary);
            urgent.add(single);
            thread("batches", batches::fetchBatches);
            thread("urgent", single::fetchUrgent);
        }
        table = pages;
    }

    private void switched() {
        QemuFeed out = new QemuFeed(qemu.out(), layout);
        thread("feed", () -> feed(out));
        thread("end", () -> {
            if (table.awaitAll()) {
                feed.close();
            }
        });
    }

    private void stored(Frame frame) throws IOException {
        DataInputStream in = frame.in();
        int batch = in.readInt();
        stored(batch, new PageBatch.Index(in.readAllBytes()));
        endScattering();
    }

    private void stored(int batch, PageBatch.Index index) throws StreamException {
        for (Place place : table.stored(batch, index)) {
            want(place);
        }
    }

    private void want(Place place) {
        urgent.get(terms.placement().of(place.batch(), 0)).want(place);
    }

    private void page(Frame frame) throws IOException {
        FeedQueue.Page page = FeedQueue.Page.read(frame.in());
        if (!layout.blocks().has(page.block(), page.page())) {
            throw new StreamException("The source has sent a page that the VM has not");
        }
        feed.urgent(page);
    }

    private void end(DataInputStream in) throws IOException {
        int batches = in.readInt();
        record(batches);
        table.complete(batches);
        endScattering();
    }

    /**
     * From here on this side, or its next host driver, can end alone, once the source has stored all batches and their number.
     *
     * @param batches their number; null if it is not known yet
     */
    private void record(Integer batches) throws IOException {
        synchronized (recording) {
            if (isOver()) {
                return;
            }
            if (!counted) {
                GatherRecord.of(terms, layout, batches).write(record);
                counted = batches != null;
            }
        }
        toSource(Kind.RECORDED, out -> {});
    }

    /** If it is gone, {@link #readLink} notices that, after what it has sent before. */
    private void toSource(Kind kind, Link.Content content) {
        try {
            link.send(kind, content);
        } catch (IOException e) {
            LOG.debug("The source of migration {} gets no {}", terms.migration(), kind, e);
        }
    }

    private void endScattering() {
        if (table.isAllStored()) {
            enter(Phase.GATHERING);
        }
    }

    private void readQemu(ReturnPath path) throws IOException {
        try {
            answer(path);
        } finally {
            devices.told(); // nobody hears it any more
        }
    }

    private void answer(ReturnPath path) throws IOException {
        while (true) {
            Message message = path.next();
            devices.heard(message);
            switch (message.type()) {
                case Return.REQ_PAGES, Return.REQ_PAGES_ID -> asked(message);
                case Return.SHUT -> {
                    if (table == null) {
                        link.send(Kind.RETURN, message.bytes());
                        enter(Phase.DONE);
                    } else {
                        arrived(message);
                    }
                    return;
                }
                default -> {
                    toSource(Kind.RETURN, out -> out.write(message.bytes()));
                    if (devices.areLoaded()) {
                        toSource(Kind.LOADED, out -> {});
                    }
                }
            }
        }
    }

    private void asked(Message message) throws IOException {
        if (table == null) {
            link.send(Kind.RETURN, message.bytes());
            return;
        }
        for (int page = message.first(); page < message.first() + message.pages(); page++) {
            int block = message.block();
            times.asked();
            Optional<Place> place = table.want(block, page);
            if (place.isPresent()) {
                times.fetching(block, page, System.nanoTime());
                want(place.get());
            } else if (!table.isDelivered(block, page) && needsSource()) {
                int wanted = page;
                toSource(Kind.REQUEST, out -> {
                    out.writeShort(block);
                    out.writeInt(wanted);
                });
            }
        }
    }

    private void arrived(Message message) throws IOException {
        if (message.value() != 0) {
            throw new IOException("The destination's QEMU could not load all pages");
        }
        enter(Phase.DONE);
        LOG.info("All pages of migration {} have arrived", terms.migration());
        release();
        terms.removeBatches();
        forget();
    }

    /** No host driver fetches anything any more. */
    private void forget() throws IOException {
        synchronized (recording) {
            Files.deleteIfExists(record);
        }
    }

    private void feed(QemuFeed out) throws IOException, InterruptedException {
        out.begin();
        for (FeedQueue.Page page = feed.take(); page != null; page = feed.take()) {
            if (table.deliver(page.block(), page.page())) {
                out.page(page);
                times.served(page.block(), page.page(), System.nanoTime());
            }
            if (feed.isEmpty()) {
                out.flush();
            }
        }
        if (table.allDelivered()) {
            out.end();
        }
    }

    private void pulse() throws InterruptedException {
        try {
            link.pulse(this::needsSource);
        } catch (IOException e) {
            LOG.debug("The link of migration {} is gone", terms.migration(), e);
        }
    }

    private void giveUp(String reason) {
        if (table != null && !isOver()) {
            devices.await();
        }
        synchronized (this) {
            if (isOver()) {
                return;
            }
            phase = Phase.FAILED;
            failure = reason;
        }
        LOG.warn("Gathering of migration {} has ended: {}", terms.migration(), reason);
        Link source = link;
        if (source != null) {
            source.fail(reason);
        }
        release();
    }

    private void release() {
        PageTable pages = table;
        if (pages != null) {
            pages.close();
        }
        feed.close();
        open.close();
    }

    /** Gives up, unless everything has arrived. */
    @Override
    public void close() {
        giveUp("the migration has ended");
        release();
    }
}
