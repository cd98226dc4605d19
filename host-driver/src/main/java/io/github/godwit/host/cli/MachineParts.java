package io.github.godwit.host.cli;

import io.github.godwit.host.driver.HostDriverConfig;
import io.github.godwit.host.driver.HostDriverParts;
import io.github.godwit.host.load.ProcHostLoad;
import io.github.godwit.host.net.LinkSpeed;
import io.github.godwit.host.net.LinuxTrafficControl;
import io.github.godwit.host.net.NetworkTracker;
import io.github.godwit.host.net.NoTrafficControl;
import io.github.godwit.host.net.OvsTrafficControl;
import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.host.predict.ModelFile;
import io.github.godwit.host.profile.HeartbeatMonitor;
import io.github.godwit.host.profile.MonotonicClock;
import io.github.godwit.host.profile.QemuVmProfiler;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.forest.ShippedModel;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the parts of a host driver that depend on the machine. */
final class MachineParts {

    private static final Logger LOG = LoggerFactory.getLogger(MachineParts.class);
    private static final Path SYSFS = Path.of("/sys");

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
        NetworkTracker network = new NetworkTracker(SYSFS);
        Optional<LinkSpeed> link = config.network()
                .nic()
                .map(nic -> new LinkSpeed(SYSFS, nic, config.network().link()));
        return new HostDriverParts(
                vms -> config.profiling()
                        .profiler(new QemuVmProfiler(
                                Path.of("/proc"),
                                new SecureRandom().nextLong(),
                                clock,
                                vm -> vms.find(vm.definition().name()).map(Vm::heartbeats),
                                vm -> Traffic.NONE)),
                HeartbeatMonitor.factory(clock),
                trafficControl(link, config),
                () -> config.network().nic().map(network::traffic).orElse(Traffic.NONE),
                link(link, config.network()),
                name -> Traffic.NONE,
                model.<Predictor>map(file -> file).orElseGet(ShippedModel::predictor),
                model.<List<Runnable>>map(file -> List.of(file::reloadIfChanged))
                        .orElse(List.of()),
                network::close);
    }

    private static Supplier<Bandwidth> link(Optional<LinkSpeed> link, HostDriverConfig.Network network) {
        Optional<Bandwidth> now = link.flatMap(LinkSpeed::rate).or(network::link);
        if (now.isEmpty()) {
            LOG.warn(
                    "The rate of {} is not known; predictions assume {}. Give it by --link",
                    network.nic().orElse("the network"),
                    HostDriverConfig.ASSUMED_LINK);
        } else {
            LOG.info("The rate of {} is {}", network.nic().orElse("the network"), now.get());
        }
        return () -> link.flatMap(LinkSpeed::rate).or(network::link).orElse(HostDriverConfig.ASSUMED_LINK);
    }

    private static TrafficControl trafficControl(Optional<LinkSpeed> link, HostDriverConfig config) {
        return link.map(known -> OvsTrafficControl.ofNic(new LinuxTrafficControl.Settings(
                        known,
                        config.network().shapeMultiqueue(),
                        config.network().libvirtPorts(),
                        config.network().plannedPorts(),
                        config.state().resolve("reservations"),
                        LinuxTrafficControl.DEFAULT_LEASE)))
                .orElseGet(() -> new NoTrafficControl("the host driver was started without --interface"));
    }

    /** Total memory of this machine. */
    static MemorySize memory() {
        return new ProcHostLoad(1).memory();
    }
}
