package io.github.godwit.lab.cli;

import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.linux.LinuxGuest;
import io.github.godwit.lab.net.BackgroundTraffic;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.system.SystemCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lab status}: lists the hosts. */
@Command(name = "status", mixinStandardHelpOptions = true, description = "Lists the hosts with their load and traffic.")
final class StatusCommand implements Callable<Integer> {

    @Mixin
    private LabOption lab;

    @Option(names = "--json", description = "Print the hosts as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Lab up = lab.require();
        Output output = Output.of(spec);
        BackgroundTraffic traffic =
                new BackgroundTraffic(new SystemCommands(), up.name().peer(), up.peerAddress());
        List<HostStatus> statuses = new ArrayList<>();
        for (LabHost host : up.hosts()) {
            statuses.add(up.client(host).host());
        }
        if (json) {
            output.json(statuses);
            return 0;
        }
        output.print("%-6s %-26s %5s %7s %9s %9s  %s"
                .formatted("HOST", "HOST DRIVER", "CPU", "MEMORY", "IN Mbit", "OUT Mbit", "TRAFFIC"));
        for (int i = 0; i < statuses.size(); i++) {
            LabHost host = up.hosts().get(i);
            HostStatus status = statuses.get(i);
            output.print("%-6s %-26s %4.0f%% %6.0f%% %9.1f %9.1f  %s"
                    .formatted(
                            host.name(),
                            host.hostDriver(),
                            100 * status.profile().cpuLoad(),
                            100 * status.profile().memoryLoad(),
                            status.profile().traffic().in().megabits(),
                            status.profile().traffic().out().megabits(),
                            notes(traffic.flows(host), up.client(host).vms())));
        }
        return 0;
    }

    /** Where the traffic of a host comes from: the background, and Linux guests with what each receives and sends. */
    private static String notes(boolean background, List<VmStatus> vms) {
        Stream<String> guests = vms.stream()
                .flatMap(vm -> LinuxGuest.of(vm.definition())
                        .map(guest -> "%s (%s) %.1f in %.1f out"
                                .formatted(
                                        vm.name(),
                                        guest.workload(),
                                        vm.traffic().in().megabits(),
                                        vm.traffic().out().megabits()))
                        .stream());
        return Stream.concat(background ? Stream.of("background") : Stream.empty(), guests)
                .collect(Collectors.joining(", "));
    }
}
