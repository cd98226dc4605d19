package io.github.godwit.host.profile;

import io.github.godwit.host.qmp.Qmp;
import io.github.godwit.host.vm.QemuCommandLine;
import io.github.godwit.host.vm.QemuLauncher;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.host.vm.VmDirectory;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.opentest4j.TestAbortedException;

/** The lab's guest in its own QEMU, with 512 MiB of memory: 256 MiB are touched, and 64 MiB are its working set. */
final class LabGuest implements AutoCloseable {

    private static final int BOOTS = 3;
    private static final Duration BOOT_DEADLINE = Duration.ofSeconds(20);
    private static final int SETTLED = 1000;

    final MonotonicClock clock = new MonotonicClock(Clock.systemUTC());
    final RunningVm vm;
    final Qmp qmp;
    final HeartbeatMonitor heartbeats;
    private final QemuLauncher.Started qemu;

    private LabGuest(Path directory, Accelerator accelerator, int dirtyRing, String arguments) throws IOException {
        Path image = Path.of(System.getProperty("godwit.guest"));
        VmDefinition definition = new VmDefinition(
                "g",
                MemorySize.ofMebibytes(512),
                1,
                image.getFileName().toString(),
                "touched=256 ws=64 " + arguments,
                accelerator,
                dirtyRing);
        VmDirectory files = new VmDirectory(directory);
        qemu = new QemuLauncher()
                .start(new QemuCommandLine("qemu-system-x86_64").boot(definition, image, files), files);
        vm = new RunningVm(definition, qemu.process().pid(), directory);
        qmp = qemu.qmp();
        heartbeats = new HeartbeatMonitor(vm.heartbeatSocket(), clock);
    }

    /**
     * Boots the guest and waits until it has filled its memory and worked for two seconds. Tries three times, because on an
     * overloaded host the guest may lose its timer interrupt while it boots.
     *
     * @throws TestAbortedException if the guest did not work after any of the boots
     */
    static LabGuest start(Path directory, Accelerator accelerator, int dirtyRing, String arguments)
            throws IOException, InterruptedException {
        for (int attempt = 0; attempt < BOOTS; attempt++) {
            LabGuest guest =
                    new LabGuest(directory.resolve(Integer.toString(attempt)), accelerator, dirtyRing, arguments);
            if (guest.works()) {
                return guest;
            }
            guest.close();
        }
        throw new TestAbortedException(
                "The guest has no heartbeat. The host may be too busy: run the test again when it is idle.");
    }

    private boolean works() throws InterruptedException {
        Instant deadline = clock.instant().plus(BOOT_DEADLINE);
        while (clock.instant().isBefore(deadline)) {
            if (heartbeats.since(Instant.EPOCH).count() >= SETTLED) {
                return true;
            }
            Thread.sleep(20);
        }
        return false;
    }

    @Override
    public void close() {
        heartbeats.close();
        qmp.close();
        qemu.process().kill();
        qemu.process().awaitEnd(Duration.ofSeconds(5));
    }
}
