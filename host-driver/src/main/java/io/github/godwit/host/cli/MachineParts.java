package io.github.godwit.host.cli;

import io.github.godwit.host.driver.HostDriverConfig;
import io.github.godwit.host.driver.HostDriverParts;
import io.github.godwit.host.load.ProcHostLoad;
import io.github.godwit.host.net.LinuxTrafficControl;
import io.github.godwit.host.net.NetworkTracker;
import io.github.godwit.host.net.NoTrafficControl;
import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.host.predict.ModelFile;
import io.github.godwit.host.profile.HeartbeatMonitor;
import io.github.godwit.host.profile.MonotonicClock;
import io.github.godwit.host.profile.QemuVmProfiler;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.forest.ShippedModel;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Creates the parts of a host driver that depend on the machine. */
final class MachineParts {

    private MachineParts() {}

    /**
     * Creates the parts.
     *
     * @throws IOException if the configured model cannot be used
     */
    static HostDriverParts of(HostDriverConfig config) throws IOException {
        Optional<ModelFile> model = Optional.empty();
        if (config.model().isPresent()) {
            model = Optional.of(new ModelFile(config.model().get()));
        }
        MonotonicClock clock = new MonotonicClock(Clock.systemUTC());
        NetworkTracker network = new NetworkTracker(Path.of("/sys"));
        return new HostDriverParts(
                vms -> new QemuVmProfiler(
                        Path.of("/proc"),
                        new SecureRandom().nextLong(),
                        clock,
                        vm -> vms.find(vm.definition().name()).map(Vm::heartbeats),
                        vm -> Traffic.NONE),
                HeartbeatMonitor.factory(clock),
                trafficControl(config),
                () -> config.nic().map(network::traffic).orElse(Traffic.NONE),
                name -> Traffic.NONE,
                model.<Predictor>map(file -> file).orElseGet(ShippedModel::predictor),
                model.<List<Runnable>>map(file -> List.of(file::reloadIfChanged))
                        .orElse(List.of()),
                network::close);
    }

    private static TrafficControl trafficControl(HostDriverConfig config) {
        return config.nic()
                .<TrafficControl>map(nic -> new LinuxTrafficControl(
                        nic, config.link(), config.state().resolve("reservations")))
                .orElseGet(() -> new NoTrafficControl("the host driver was started without --interface"));
    }

    /** Total memory of this machine. */
    static MemorySize memory() {
        return new ProcHostLoad(1).memory();
    }
}
