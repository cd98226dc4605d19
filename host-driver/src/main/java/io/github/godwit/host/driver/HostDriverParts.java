package io.github.godwit.host.driver;

import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.host.profile.VmProfiler;
import io.github.godwit.host.vm.HeartbeatSource;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.profile.Traffic;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The parts of an agent that look at the machine; an {@link HostDriver} closes those that need it.
 *
 * @param profiler   looks at the VMs of a list
 * @param heartbeats listens to guests
 * @param traffic    reserves bandwidth
 * @param nic        what goes over the NIC
 * @param taps       what goes over a VM's taps, by its name
 * @param predictor  tells what each technique would cost
 * @param chores    what is to be called every two seconds
 * @param end        ends what runs for these parts; called last
 */
public record HostDriverParts(
        Function<VmList, VmProfiler> profiler,
        HeartbeatSource.Factory heartbeats,
        TrafficControl traffic,
        Supplier<Traffic> nic,
        Function<String, Traffic> taps,
        Predictor predictor,
        List<Runnable> chores,
        Runnable end) {}
