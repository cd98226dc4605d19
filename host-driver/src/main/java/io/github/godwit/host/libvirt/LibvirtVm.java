package io.github.godwit.host.libvirt;

import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.vm.HeartbeatSource;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.hostapi.Heartbeats;
import java.time.Instant;
import java.util.Optional;

/**
 * A domain that runs on this host.
 *
 * @param running what it runs from, named by its UUID
 * @param process its QEMU
 * @param monitor its monitor, by way of libvirt
 */
record LibvirtVm(RunningVm running, ProcessIdentity process, Monitor monitor) implements Vm {

    private static final HeartbeatSource SILENT = new HeartbeatSource() {
        @Override
        public Heartbeats since(Instant from) {
            return Heartbeats.NONE;
        }

        @Override
        public void close() {}
    };

    /** Guests of a cloud send Godwit no heartbeats. */
    @Override
    public HeartbeatSource heartbeats() {
        return SILENT;
    }

    @Override
    public boolean alive() {
        return process.alive();
    }

    @Override
    public Optional<String> migration() {
        return Optional.empty();
    }
}
