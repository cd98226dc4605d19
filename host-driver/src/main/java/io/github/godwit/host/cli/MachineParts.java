package io.github.godwit.host.cli;

import io.github.godwit.host.AgentConfig;
import io.github.godwit.host.AgentParts;
import io.github.godwit.host.load.ProcHostLoad;
import io.github.godwit.host.net.LinuxTrafficControl;
import io.github.godwit.host.net.NetworkTracker;
import io.github.godwit.host.net.NoTrafficControl;
import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.host.profile.HeartbeatMonitor;
import io.github.godwit.host.profile.MonotonicClock;
import io.github.godwit.host.profile.QemuVmProfiler;
import io.github.godwit.host.vm.HostedVm;
import io.github.godwit.model.MemorySize;
import io.github.godwit.model.Traffic;
import io.github.godwit.model.analytic.AnalyticPredictor;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

/** The parts of an agent that look at the machine it runs on. */
final class MachineParts {

    private MachineParts() {}

    static AgentParts of(AgentConfig config) {
        MonotonicClock clock = new MonotonicClock(Clock.systemUTC());
        NetworkTracker network = new NetworkTracker(Path.of("/sys"));
        return new AgentParts(
                inventory -> new QemuVmProfiler(
                        Path.of("/proc"),
                        new SecureRandom().nextLong(),
                        clock,
                        vm -> inventory.find(vm.definition().name()).map(HostedVm::heartbeats),
                        vm -> Traffic.NONE),
                HeartbeatMonitor.factory(clock),
                trafficControl(config),
                () -> config.nic().map(network::traffic).orElse(Traffic.NONE),
                name -> Traffic.NONE,
                new AnalyticPredictor(),
                network::close);
    }

    private static TrafficControl trafficControl(AgentConfig config) {
        return config.nic()
                .<TrafficControl>map(nic -> new LinuxTrafficControl(
                        nic, config.link(), config.state().resolve("reservations")))
                .orElseGet(() -> new NoTrafficControl("the host driver was started without --interface"));
    }

    /** All memory of this machine. */
    static MemorySize memory() {
        return new ProcHostLoad(1).memory();
    }
}
