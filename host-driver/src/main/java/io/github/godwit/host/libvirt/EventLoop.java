package io.github.godwit.host.libvirt;

import io.github.godwit.common.DaemonThreads;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** libvirt's event loop: one for the process, on its own thread, from the first use until the process ends. */
final class EventLoop {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

    /** How often the loop wakes: only then does it notice the requests of other threads. */
    private static final int WAKE_MILLIS = 1_000;

    private static final LibvirtFunctions LIBVIRT = LibvirtFunctions.library();

    // libvirt holds these, so the garbage collector must not free them.
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

    /** The library, with the event loop running, as libvirt requires before the first connection is opened. */
    static LibvirtFunctions library() {
        return LIBVIRT;
    }

    private static void run() {
        while (true) {
            if (LIBVIRT.virEventRunDefaultImpl() < 0) {
                LOG.error("libvirt's event loop failed and continues: {}", LIBVIRT.virGetLastErrorMessage());
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(WAKE_MILLIS));
            }
        }
    }
}
