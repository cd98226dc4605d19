package io.github.godwit.host.profile;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import io.github.godwit.model.unit.MemorySize;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compresses pages as QEMU's multifd channels do (migration/multifd-zlib.c and multifd-zstd.c): in one stream that keeps its history
 * and is flushed after each packet of 128 pages, at level 1.
 */
final class CompressionTrial {

    private static final Logger LOG = LoggerFactory.getLogger(CompressionTrial.class);
    private static final int LEVEL = 1;
    private static final int PACKET_BYTES = 128 * MemorySize.PAGE_BYTES;

    private CompressionTrial() {}

    /** Compressed size divided by original size with zlib; 1 for no pages. */
    static double zlibRatio(byte[] pages, int length) {
        Deflater deflater = new Deflater(LEVEL);
        try {
            byte[] out = new byte[PACKET_BYTES];
            for (int from = 0; from < length; from += PACKET_BYTES) {
                deflater.setInput(pages, from, Math.min(PACKET_BYTES, length - from));
                int written;
                do {
                    written = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
                } while (written == out.length);
            }
            return length == 0 ? 1 : (double) deflater.getBytesWritten() / length;
        } finally {
            deflater.end();
        }
    }

    /** Compressed size divided by original size with zstd; zlib's ratio if the native library cannot be loaded. */
    static double zstdRatio(byte[] pages, int length, double zlibRatio) {
        try {
            return length == 0 ? 1 : (double) zstdBytes(pages, length) / length;
        } catch (LinkageError e) {
            LOG.warn(
                    "Cannot load zstd, using the compression ratio of zlib instead. Is java.io.tmpdir mounted noexec? {}",
                    e.toString());
            return zlibRatio;
        }
    }

    private static long zstdBytes(byte[] pages, int length) {
        ByteBuffer in = ByteBuffer.allocateDirect(PACKET_BYTES);
        ByteBuffer out = ByteBuffer.allocateDirect(PACKET_BYTES);
        long bytes = 0;
        try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
            zstd.setLevel(LEVEL);
            for (int from = 0; from < length; from += PACKET_BYTES) {
                in.clear()
                        .put(pages, from, Math.min(PACKET_BYTES, length - from))
                        .flip();
                boolean flushed;
                do {
                    out.clear();
                    flushed = zstd.compressDirectByteBufferStream(out, in, EndDirective.FLUSH);
                    bytes += out.position();
                } while (!flushed);
            }
        }
        return bytes;
    }
}
