package io.github.godwit.host.profile;

import io.github.godwit.host.qmp.Qmp;
import io.github.godwit.host.vm.QemuCommandLine;
import io.github.godwit.host.vm.QemuLauncher;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.host.vm.VmDirectory;
import io.github.godwit.model.MemorySize;
import io.github.godwit.model.api.VmDefinition;
import io.github.godwit.model.api.VmDefinition.Accelerator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** The lab's guest in a QEMU of its own, with 512 MiB of memory, 256 MiB of them touched and 64 MiB its working set. */
final class LabGuest implements AutoCloseable {

    final MonotonicClock clock = new MonotonicClock(Clock.systemUTC());
    final RunningVm vm;
    final Qmp qmp;
    final HeartbeatMonitor heartbeats;
    private final QemuLauncher.Started qemu;

    LabGuest(Path directory, Accelerator accelerator, int dirtyRing, String arguments) throws IOException {
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

    /** Waits until the guest has laid out its memory and worked for two seconds, as it does on a quiet host. */
    LabGuest settle() throws InterruptedException {
        Instant deadline = clock.instant().plus(Duration.ofSeconds(30));
        while (heartbeats.since(Instant.EPOCH).count() < 1000) {
            if (clock.instant().isAfter(deadline)) {
                throw new AssertionError("The guest has no heartbeat; see " + vm.log());
            }
            Thread.sleep(20);
        }
        return this;
    }

    @Override
    public void close() {
        heartbeats.close();
        qmp.close();
        qemu.process().kill();
        qemu.process().awaitEnd(Duration.ofSeconds(5));
    }
}
