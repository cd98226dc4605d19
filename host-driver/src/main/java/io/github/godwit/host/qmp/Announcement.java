package io.github.godwit.host.qmp;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * How QEMU announces a VM on its new host: by RARP frames from the VM's address and, with virtio-net, by the guest itself. One
 * frame may be lost, or come before the network of the new host is ready (a port that Neutron binds after the arrival, for
 * example), so that QEMU repeats it: after 50 ms, then after 100 ms more each time, up to 550 ms, ten times in all, which takes four
 * seconds. QEMU's own default is five times in 0.8 s.
 */
public final class Announcement {

    private static final Map<String, Integer> TIMES = Map.of("initial", 50, "step", 100, "max", 550, "rounds", 10);

    private Announcement() {}

    /** The arguments of QMP {@code announce-self}; times in milliseconds. */
    public static Map<String, Object> arguments() {
        return Map.copyOf(TIMES);
    }

    /** The migration parameters for the announcement that QEMU itself makes at the end of a migration. */
    static Map<String, Object> parameters() {
        return TIMES.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(entry -> "announce-" + entry.getKey(), Map.Entry::getValue));
    }
}
