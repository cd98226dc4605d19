package io.github.godwit.host.scatter;

/** Numbers of QEMU's migration stream (migration/savevm.c, migration/ram.c, migration/migration.c). All integers are big-endian. */
final class QemuStream {

    static final int PAGE_BYTES = 4096;
    static final int PAGE_BITS = 12;

    static final int MAGIC = 0x5145_564d;
    static final int VERSION = 3;

    /** Types of the sections of the stream. */
    static final class Section {
        static final int EOF = 0x00;
        static final int START = 0x01;
        static final int PART = 0x02;
        static final int END = 0x03;
        static final int FULL = 0x04;
        static final int SUBSECTION = 0x05;
        static final int CONFIGURATION = 0x07;
        static final int COMMAND = 0x08;
        static final int FOOTER = 0x7e;

        private Section() {}
    }

    /** Commands of the stream that Godwit reads or writes. */
    static final class Command {
        static final int PING = 2;
        static final int PACKAGED = 7;
        static final int POSTCOPY_RESUME = 9;
        static final int RECV_BITMAP = 10;

        private Command() {}
    }

    /** Flags in the low bits of an address in the RAM section. */
    static final class Ram {
        static final long ZERO = 0x02;
        static final long MEM_SIZE = 0x04;
        static final long PAGE = 0x08;
        static final long EOS = 0x10;
        static final long CONTINUE = 0x20;
        static final long FLAGS = PAGE_BYTES - 1;

        private Ram() {}
    }

    /** Messages on the return path. */
    static final class Return {
        static final int SHUT = 1;
        static final int REQ_PAGES_ID = 3;
        static final int REQ_PAGES = 4;
        static final int RECV_BITMAP = 5;
        static final int RESUME_ACK = 6;

        private Return() {}
    }

    /** Ends a bitmap of received pages. */
    static final long BITMAP_ENDING = 0x0123_4567_89ab_cdefL;

    private QemuStream() {}
}
