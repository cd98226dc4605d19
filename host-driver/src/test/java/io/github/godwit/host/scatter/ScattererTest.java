package io.github.godwit.host.scatter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.scatter.Link.Frame;
import io.github.godwit.host.scatter.Link.Kind;
import io.github.godwit.host.scatter.store.HeldStore;
import io.github.godwit.host.scatter.stream.RamBlocks;
import io.github.godwit.host.scatter.stream.RamBlocks.Block;
import io.github.godwit.host.scatter.stream.SyntheticStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the source's side does about an intermediary or a destination that fails, before and after QEMU has sent every page. QEMU's stream is
 * played; the real one is in {@code ScatterGatherIT} and {@code lab experiment scatter-faults}.
 */
@Timeout(60)
class ScattererTest {

    private static final RamBlocks BLOCKS = new RamBlocks(List.of(new Block("pc.ram", 256)));

    /** So few that a socket takes them which nobody reads from. */
    private static final int PAGES = 24;

    private static final int BATCHES = PAGES / PageBatch.MOST_PAGES;
    private static final long MUCH = 100L << 20;

    /** The answer of a destination that has everything. */
    private static final byte[] SHUT = {0, 1, 0, 4, 0, 0, 0, 0};

    @TempDir
    private Path folder;

    private final Store sound = new Store("sound");
    private final Store failing = new Store("failing");
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private ServerSocket listener;
    private ScatterTerms terms;
    private Scatterer scatterer;
    private SocketChannel qemu;
    private Link destination;

    /** An intermediary that refuses batches a number of times. */
    private static final class Store extends HeldStore {
        private final AtomicInteger refusals = new AtomicInteger();
        private final CountDownLatch refused = new CountDownLatch(1);
        private final CountDownLatch may = new CountDownLatch(1);

        Store(String name) {
            super(name);
        }

        @Override
        protected void storing() throws IOException {
            try {
                may.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
            if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                refused.countDown();
                throw new IOException("Intermediary %s does not answer".formatted(name()));
            }
        }
    }

    @BeforeEach
    void listen() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        sound.may.countDown();
    }

    @AfterEach
    void end() throws IOException {
        failing.may.countDown();
        scatterer.close();
        destination.close();
        qemu.close();
        listener.close();
    }

    private void start(int copies, long remaining) throws IOException {
        terms = new ScatterTerms("m", "key", List.of(sound, failing), copies, false);
        scatterer = Scatterer.start(
                terms,
                folder.resolve("socket"),
                new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort()),
                new QemuEnd(() -> remaining),
                notes::add);
        destination = new Link(listener.accept());
        qemu = SocketChannel.open(StandardProtocolFamily.UNIX);
        qemu.connect(UnixDomainSocketAddress.of(folder.resolve("socket")));
        write(beforeTheSwitch().bytes());
        awaitFrame(Kind.SWITCHED);
        destination.send(Kind.LOADED);
    }

    private static SyntheticStream beforeTheSwitch() throws IOException {
        return new SyntheticStream()
                .header()
                .memory(BLOCKS)
                .part()
                .endOfSection()
                .packaged(1_000);
    }

    private static byte[] pages(int from, int to, boolean end) throws IOException {
        SyntheticStream stream = new SyntheticStream().part();
        for (int page = from; page < to; page++) {
            stream.page("pc.ram", page, SyntheticStream.content(page));
        }
        stream.endOfSection();
        return end ? stream.end().bytes() : stream.bytes();
    }

    private void write(byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            qemu.write(left);
        }
    }

    /** Receives until a frame comes; returns all those that did. */
    private List<Frame> awaitFrame(Kind kind) throws IOException {
        List<Frame> frames = new ArrayList<>();
        do {
            frames.add(destination.receive());
        } while (frames.get(frames.size() - 1).kind() != kind);
        return frames;
    }

    /** What QEMU hears until its connection is closed, or until it heard so much as an answer has. */
    private byte[] answer() throws IOException {
        InputStream in = Channels.newInputStream(qemu);
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        try {
            while (heard.size() < SHUT.length) {
                int one = in.read();
                if (one < 0) {
                    break;
                }
                heard.write(one);
            }
        } catch (IOException e) {
            assertThat(e).as("closed with pages that were not read").hasMessageContaining("reset");
        }
        return heard.toByteArray();
    }

    @Test
    void theSourceIsFreeWhenAllIsStoredAndTheDestinationHasWrittenThatDown() throws Exception {
        failing.may.countDown();
        start(2, MUCH);
        write(pages(0, PAGES, true));
        awaitFrame(Kind.END);
        destination.send(Kind.RECORDED);
        assertThat(answer()).isEqualTo(SHUT);
        assertThat(sound.batches()).hasSize(BATCHES + 1);
        assertThat(failing.batches()).containsOnlyKeys(sound.batches().keySet());
        assertThat(notes).isEmpty();
    }

    @Test
    void anIntermediaryThatFailsWhileQemuHasPagesLeftClosesItsConnectionSoThatItCanBeRecovered() throws Exception {
        failing.refusals.set(Integer.MAX_VALUE);
        failing.may.countDown();
        start(2, MUCH);
        write(pages(0, PAGES, false));
        assertThat(answer()).isEmpty();
        assertThat(notes).singleElement().asString().contains("given up", "failing does not answer");
    }

    @Test
    void nearTheEndQemuIsReadToItsEndAndOneCopySuffices() throws Exception {
        failing.refusals.set(Integer.MAX_VALUE);
        failing.may.countDown();
        start(2, 0);
        write(pages(0, PAGES, false));
        failing.refused.await();
        write(pages(PAGES, 2 * PAGES, true));
        awaitFrame(Kind.END);
        destination.send(Kind.RECORDED);
        assertThat(answer()).isEqualTo(SHUT);
        assertThat(notes).singleElement().asString().contains("another copy suffices");
        assertThat(sound.batches()).hasSize(2 * BATCHES + 1);
    }

    @Test
    void whatHasNoOtherCopyIsStoredAgainUntilItIsTaken() throws Exception {
        failing.refusals.set(2);
        start(1, MUCH);
        write(pages(0, PAGES, true));
        awaitFrame(Kind.END);
        destination.send(Kind.RECORDED);
        failing.may.countDown();
        assertThat(answer()).isEqualTo(SHUT);
        assertThat(sound.batches().size() + failing.batches().size())
                .as("and their number on both")
                .isEqualTo(BATCHES + 2);
        assertThat(notes).as("told once").hasSize(1);
    }

    @Test
    void aDestinationThatHasWrittenItDownIsNotNeededForTheRest() throws Exception {
        start(2, MUCH);
        write(pages(0, PAGES, true));
        awaitFrame(Kind.END);
        destination.send(Kind.RECORDED);
        destination.send(Kind.FAILED, "its host driver ends".getBytes(StandardCharsets.UTF_8));
        destination.close();
        failing.may.countDown();
        assertThat(answer()).isEqualTo(SHUT);
        assertThat(failing.batches()).containsOnlyKeys(sound.batches().keySet());
    }

    /** At the switch it writes down where the batches are; how many there are, it or its next host driver finds on the intermediaries. */
    @Test
    void aDestinationThatGoesBeforeTheEndFindsTheNumberOfBatchesOnTheIntermediaries() throws Exception {
        failing.may.countDown();
        start(2, 0);
        destination.send(Kind.RECORDED);
        write(pages(0, PAGES, false));
        for (int batch = 0; batch < BATCHES; batch++) {
            awaitFrame(Kind.STORED);
        }
        destination.close();
        assertThat(BatchCount.find(terms)).isEmpty();
        write(pages(PAGES, 2 * PAGES, true));
        assertThat(answer()).isEqualTo(SHUT);
        assertThat(BatchCount.find(terms)).hasValue(2 * BATCHES);
        sound.batches().put("godwit:m:count", new byte[] {0, 0, 0, 1, 0, 0, 0, 0});
        assertThat(BatchCount.find(terms)).as("the other one knows it as well").hasValue(2 * BATCHES);
    }

    /** It may have it, or not: the source stores everything, removes nothing, and keeps its QEMU. */
    @Test
    void whetherADestinationHasWrittenItDownMustBeKnownToFreeTheSource() throws Exception {
        start(2, MUCH);
        write(pages(0, PAGES, true));
        awaitFrame(Kind.END);
        destination.close();
        failing.may.countDown();
        assertThat(answer()).isEmpty();
        assertThat(failing.batches()).hasSize(BATCHES + 1);
        assertThat(sound.batches()).hasSize(BATCHES + 1);
        assertThat(notes).singleElement().asString().contains("may not know");
    }

    @Test
    void aDestinationThatGoesBeforeEndsTheMigrationAsQemuCanRecoverIt() throws Exception {
        failing.may.countDown();
        start(2, MUCH);
        write(pages(0, PAGES, false));
        for (int batch = 0; batch < BATCHES; batch++) {
            awaitFrame(Kind.STORED);
        }
        destination.close();
        assertThat(answer()).isEmpty();
        assertThat(notes).singleElement().asString().contains("given up");
    }
}
