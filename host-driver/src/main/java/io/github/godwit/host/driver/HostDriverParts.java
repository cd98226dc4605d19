package io.github.godwit.host.driver;

import io.github.godwit.host.load.NetworkLoad;
import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.host.profile.VmProfiler;
import io.github.godwit.host.vm.HeartbeatSource;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.model.predict.Predictor;
import java.util.List;
import java.util.function.Function;

/**
 * The parts of a host driver that depend on the machine, so that tests can replace them. {@link HostDriver#close()} closes them.
 *
 * @param profiler   creates the profiler for the VMs of a list
 * @param heartbeats opens the heartbeat sources of VMs
 * @param traffic    reserves bandwidth
 * @param network    the load of the network
 * @param predictor  predicts the cost of each technique
 * @param chores     tasks to run every two seconds
 * @param end        releases what these parts use; called last
 */
public record HostDriverParts(
        Function<VmList, VmProfiler> profiler,
        HeartbeatSource.Factory heartbeats,
        TrafficControl traffic,
        NetworkLoad network,
        Predictor predictor,
        List<Runnable> chores,
        Runnable end) {}
