package io.github.godwit.host.libvirt;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.github.godwit.common.DaemonThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** libvirt's event loop: one for the process, on a thread of its own, from the first use to the end of the process. */
final class EventLoop {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

    /** The loop looks only then for what other threads have asked of it. */
    private static final int WAKE_MILLIS = 1_000;

    private static final LibvirtFunctions LIBVIRT = LibvirtFunctions.library();

    // libvirt keeps these; Java must not collect them.
    private static final LibvirtFunctions.ErrorFunction SILENT = (data, error) -> {};
    private static final LibvirtFunctions.TimeoutFunction WAKE = (timer, opaque) -> {};

    static {
        LIBVIRT.virInitialize();
        LIBVIRT.virSetErrorFunc(null, SILENT);
        LIBVIRT.virEventRegisterDefaultImpl();
        LIBVIRT.virEventAddTimeout(WAKE_MILLIS, WAKE, null, null);
        DaemonThreads.start("libvirt-events", EventLoop::run);
    }

    private EventLoop() {}

    /** libvirt with its event loop running, which must be so before the first connection. */
    static LibvirtFunctions library() {
        return LIBVIRT;
    }

    private static void run() {
        while (LIBVIRT.virEventRunDefaultImpl() >= 0) {
            LOG.trace("Events");
        }
        LOG.error("libvirt's event loop has ended: {}", LIBVIRT.virGetLastErrorMessage());
    }

    /** Frees what libvirt allocated for its caller. */
    static void free(Pointer allocated) {
        if (allocated != null) {
            Native.free(Pointer.nativeValue(allocated));
        }
    }
}
