package io.github.godwit.host.scatter.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.host.scatter.stream.RamBlocks.Block;
import io.github.godwit.host.scatter.stream.SourceStream.Layout;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from the stream of the source's QEMU. */
class SourceStreamTest {

    private static final RamBlocks BLOCKS = new RamBlocks(List.of(new Block("pc.ram", 64), new Block("vga.vram", 16)));

    private final ByteArrayOutputStream passed = new ByteArrayOutputStream();
    private final List<String> seen = new ArrayList<>();

    private final SourceStream.Sink sink = new SourceStream.Sink() {
        @Override
        public void switching(Layout layout) {
            seen.add("switching %d %s %s"
                    .formatted(
                            layout.section(), layout.footers(), layout.blocks().equals(BLOCKS)));
        }

        @Override
        public void switched() {
            seen.add("switched");
        }

        @Override
        public void page(int block, int page, byte[] content) {
            seen.add("%s:%d=%d".formatted(BLOCKS.name(block), page, Arrays.hashCode(content)));
        }

        @Override
        public void filled(int block, int page, byte content) {
            seen.add("%s:%d filled %d".formatted(BLOCKS.name(block), page, content));
        }

        @Override
        public void end() {
            seen.add("end");
        }
    };

    /** Hands out so many bytes at a time, as a socket may. */
    private static InputStream slices(byte[] bytes, int size) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(size, length));
            }
        };
    }

    private static SyntheticStream beforeTheSwitch() throws IOException {
        return new SyntheticStream()
                .header()
                .command(1)
                .command(2, (byte) 0, (byte) 0, (byte) 0, (byte) 1)
                .memory(BLOCKS)
                .part()
                .page("pc.ram", 0, SyntheticStream.content(0))
                .filled(null, 1, 0)
                .endOfSection();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 4_096, 1 << 20})
    void everythingUntilTheSwitchIsPassedOnAndOnlyPagesFollow(int slice) throws IOException {
        SyntheticStream stream = beforeTheSwitch().packaged(100_000);
        byte[] before = stream.bytes();
        stream.command(2, (byte) 0, (byte) 0, (byte) 0, (byte) 4)
                .part()
                .page("vga.vram", 3, SyntheticStream.content(3))
                .page(null, 4, SyntheticStream.content(4))
                .filled("pc.ram", 5, 7)
                .endOfSection()
                .end();

        new SourceStream(slices(stream.bytes(), slice), passed, sink).read();

        assertThat(passed.toByteArray()).isEqualTo(before);
        assertThat(seen)
                .containsExactly(
                        "switching 3 true true",
                        "switched",
                        "vga.vram:3=" + Arrays.hashCode(SyntheticStream.content(3)),
                        "vga.vram:4=" + Arrays.hashCode(SyntheticStream.content(4)),
                        "pc.ram:5 filled 7",
                        "end");
    }

    /** QEMU asks for pages as soon as it has the devices. */
    @Test
    void theLayoutIsKnownBeforeTheDevicesArePassedOn() throws IOException {
        List<Integer> passedBefore = new ArrayList<>();
        SyntheticStream stream = beforeTheSwitch();
        int before = stream.size();
        byte[] all = stream.packaged(1 << 20).end().bytes();

        new SourceStream(slices(all, 512), passed, new SourceStream.Sink() {
                    @Override
                    public void switching(Layout layout) {
                        passedBefore.add(passed.size());
                    }

                    @Override
                    public void switched() {
                        passedBefore.add(passed.size());
                    }

                    @Override
                    public void page(int block, int page, byte[] content) {}

                    @Override
                    public void filled(int block, int page, byte content) {}

                    @Override
                    public void end() {}
                })
                .read();

        assertThat(passedBefore.get(0)).isLessThan(before + 1_024);
        assertThat(passedBefore.get(1)).isGreaterThan(before + (1 << 20));
    }

    @Test
    void aStreamThatIsNotUnderstoodBeforeTheSwitchIsPassedOnWhole() throws IOException {
        byte[] odd = beforeTheSwitch().section("dirty-bitmap").part().end().bytes();
        SourceStream stream = new SourceStream(slices(odd, 100), passed, sink);

        assertThatThrownBy(stream::read)
                .isInstanceOf(StreamException.class)
                .hasMessageContaining("section 'dirty-bitmap'");
        stream.passRest();

        assertThat(stream.hasSwitched()).isFalse();
        assertThat(passed.toByteArray()).isEqualTo(odd);
    }

    @Test
    void aPageOutsideOfTheMemoryIsNotTaken() throws IOException {
        byte[] bytes = beforeTheSwitch()
                .packaged(10)
                .part()
                .page("vga.vram", 16, SyntheticStream.content(0))
                .bytes();

        assertThatThrownBy(() -> new SourceStream(slices(bytes, 4_096), passed, sink).read())
                .isInstanceOf(StreamException.class)
                .hasMessageContaining("outside of the memory");
    }

    @Test
    void aStreamThatIsCutSaysSo() throws IOException {
        byte[] whole = beforeTheSwitch().packaged(10).part().bytes();

        assertThatThrownBy(() -> new SourceStream(slices(whole, 4_096), passed, sink).read())
                .isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> new SourceStream(slices(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, 4), passed, sink).read())
                .isInstanceOf(StreamException.class)
                .hasMessageContaining("magic number");
    }
}
