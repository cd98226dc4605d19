package io.github.godwit.host.scatter.stream;

/** Numbers of QEMU's migration stream (migration/savevm.c, migration/ram.c, migration/migration.c). All integers are big-endian. */
public final class QemuStream {

    public static final int PAGE_BYTES = 4096;
    public static final int PAGE_BITS = 12;

    public static final int MAGIC = 0x5145_564d;
    public static final int VERSION = 3;

    /** Types of the sections of the stream. */
    public static final class Section {
        public static final int EOF = 0x00;
        public static final int START = 0x01;
        public static final int PART = 0x02;
        public static final int END = 0x03;
        public static final int FULL = 0x04;
        public static final int SUBSECTION = 0x05;
        public static final int CONFIGURATION = 0x07;
        public static final int COMMAND = 0x08;
        public static final int FOOTER = 0x7e;

        private Section() {}
    }

    /** Commands of the stream that Godwit reads or writes. */
    public static final class Command {
        public static final int PING = 2;
        public static final int PACKAGED = 7;
        public static final int POSTCOPY_RESUME = 9;
        public static final int RECV_BITMAP = 10;

        private Command() {}
    }

    /** Flags in the low bits of an address in the RAM section. */
    public static final class Ram {
        public static final long ZERO = 0x02;
        public static final long MEM_SIZE = 0x04;
        public static final long PAGE = 0x08;
        public static final long EOS = 0x10;
        public static final long CONTINUE = 0x20;
        public static final long FLAGS = PAGE_BYTES - 1;

        private Ram() {}
    }

    /** Messages on the return path. */
    public static final class Return {
        public static final int SHUT = 1;
        public static final int PONG = 2;
        public static final int REQ_PAGES_ID = 3;
        public static final int REQ_PAGES = 4;
        public static final int RECV_BITMAP = 5;
        public static final int RESUME_ACK = 6;

        private Return() {}
    }

    /** Ends a bitmap of received pages. */
    public static final long BITMAP_ENDING = 0x0123_4567_89ab_cdefL;

    private QemuStream() {}
}
