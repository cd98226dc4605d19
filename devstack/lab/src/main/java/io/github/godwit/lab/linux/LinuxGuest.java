package io.github.godwit.lab.linux;

import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.unit.Bandwidth;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A Linux guest, as its kernel's command line describes it. So a client needs nothing but the VM's definition.
 *
 * @param workload what it does
 * @param address  its IPv4 address
 * @param rate     what its client asks of it at most: a bandwidth for iperf, otherwise operations per second; empty for the default
 */
public record LinuxGuest(LinuxWorkload workload, String address, String rate) {

    /** The kernel ends the VM if it panics, because QEMU does not reboot it. */
    private static final String KERNEL = "console=ttyS0 quiet panic=-1";

    private static final String PREFIX_LENGTH = "/24";

    /**
     * Checks the rate.
     *
     * @throws IllegalArgumentException when it is no rate of this workload
     */
    public LinuxGuest {
        if (!rate.isEmpty()) {
            switch (workload) {
                case IPERF_IN, IPERF_OUT -> Bandwidth.parse(rate);
                case REDIS, NGINX -> {
                    if (!rate.matches("[1-9][0-9]{0,5}")) {
                        throw new IllegalArgumentException(
                                "The rate of %s (%s) must be a number of operations per second from 1 to 999999."
                                        .formatted(workload, rate));
                    }
                }
                case BUILD -> throw new IllegalArgumentException("The workload build has no rate.");
            }
        }
    }

    /** The kernel's command line. */
    public String kernelArguments() {
        String text = "%s workload=%s address=%s%s".formatted(KERNEL, workload.id(), address, PREFIX_LENGTH);
        return rate.isEmpty() ? text : text + " rate=" + rate;
    }

    /** The Linux guest of a VM; empty if the VM has another guest. */
    public static Optional<LinuxGuest> of(VmDefinition vm) {
        if (vm == null) {
            return Optional.empty();
        }
        Map<String, String> arguments = new HashMap<>();
        for (String word : vm.kernelArguments().split(" ", -1)) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                arguments.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        if (!arguments.containsKey("workload") || !arguments.containsKey("address")) {
            return Optional.empty();
        }
        return Optional.of(new LinuxGuest(
                LinuxWorkload.parse(arguments.get("workload")),
                arguments.get("address").replace(PREFIX_LENGTH, ""),
                arguments.getOrDefault("rate", "")));
    }

    /** For people. */
    @Override
    public String toString() {
        return "linux %s %s%s".formatted(workload, address, rate.isEmpty() ? "" : " at most " + rate);
    }
}
