package io.github.godwit.host.driver;

import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.host.profile.VmProfiler;
import io.github.godwit.host.vm.HeartbeatSource;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The parts of a host driver that depend on the machine, so that tests can replace them. {@link HostDriver#close()} closes them.
 *
 * @param profiler   creates the profiler for the VMs of a list
 * @param heartbeats opens the heartbeat sources of VMs
 * @param traffic    reserves bandwidth
 * @param nic        traffic of the NIC
 * @param link       rate of the NIC's link
 * @param taps       traffic of a VM's taps, by the VM's name
 * @param predictor  predicts the cost of each technique
 * @param chores     tasks to run every two seconds
 * @param end        releases what these parts use; called last
 */
public record HostDriverParts(
        Function<VmList, VmProfiler> profiler,
        HeartbeatSource.Factory heartbeats,
        TrafficControl traffic,
        Supplier<Traffic> nic,
        Supplier<Bandwidth> link,
        Function<String, Traffic> taps,
        Predictor predictor,
        List<Runnable> chores,
        Runnable end) {}
