package io.github.godwit.lab;

import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.system.SystemCommands;
import java.util.List;
import java.util.stream.Stream;

/** The kernel objects of reservations that are in force. */
final class TrafficRules {

    private TrafficRules() {}

    /** All HTB and ingress qdiscs and ifb devices of a host, without the token bucket filter of its link. */
    static List<String> in(LabHost host) {
        SystemCommands commands = new SystemCommands();
        String qdiscs = commands.run("tc", "-n", host.namespace(), "qdisc", "show");
        String devices = commands.run("ip", "-n", host.namespace(), "-o", "link", "show", "type", "ifb");
        return Stream.concat(
                        qdiscs.lines().filter(line -> line.contains("qdisc htb") || line.contains("qdisc ingress")),
                        devices.lines())
                .toList();
    }
}
