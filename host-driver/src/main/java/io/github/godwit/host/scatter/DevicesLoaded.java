package io.github.godwit.host.scatter;

import io.github.godwit.host.scatter.stream.QemuStream.Return;
import io.github.godwit.host.scatter.stream.ReturnPath.Message;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Whether the destination's QEMU has loaded the devices. Until then it ends if its connection does, and with it the VM, so nobody closes that
 * connection before. QEMU answers a ping that is in the package of device states behind them all (migration.c, {@code postcopy_start}).
 */
final class DevicesLoaded {

    /** Longer than any guest of ours needed, under TCG on a busy machine too. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The ping in the package; those before have lower numbers. */
    private static final int PING_IN_PACKAGE = 3;

    private final CountDownLatch loaded = new CountDownLatch(1);

    /** A message of the destination's QEMU. */
    void heard(Message message) {
        boolean answer = message.type() == Return.PONG && message.value() >= PING_IN_PACKAGE;
        boolean request = message.type() == Return.REQ_PAGES || message.type() == Return.REQ_PAGES_ID;
        if (answer || request) {
            loaded.countDown();
        }
    }

    boolean areLoaded() {
        return loaded.getCount() == 0;
    }

    /** The destination's host driver says so. */
    void told() {
        loaded.countDown();
    }

    /** Waits until it has; not for ever, since a QEMU that hangs never will. */
    void await() {
        try {
            loaded.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
