package io.github.godwit.strategy.cluster;

import io.github.godwit.hostapi.HostStatusBuilder;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import io.github.godwit.model.unit.Version;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Clusters from a text, with a line for each host, followed by a line for each VM on it:
 * <pre>
 * host h1 cores=4 memory=8192 cpu=0.9 used=0.5 in=0 out=100
 *   vm db memory=2048 resident=1024 disk=0 cores=2 in=0 out=50 state=running
 * </pre>
 * Memory and disks in MiB, traffic in Mbit/s on a link of 1000, {@code used} is the memory load.
 */
public final class DrawnCluster {

    private DrawnCluster() {}

    /** Returns the cluster of a text. */
    public static ClusterModel draw(String text) {
        List<ClusterHost> hosts = new ArrayList<>();
        List<VmStatus> vms = new ArrayList<>();
        for (String line :
                text.lines().map(String::trim).filter(l -> !l.isEmpty()).toList()) {
            String[] words = line.split("\\s+", -1);
            Map<String, String> values = new HashMap<>();
            for (int i = 2; i < words.length; i++) {
                int equals = words[i].indexOf('=');
                values.put(words[i].substring(0, equals), words[i].substring(equals + 1));
            }
            if ("host".equals(words[0])) {
                hosts.add(host(words[1], values));
            } else {
                vms.add(vm(words[1], hosts.get(hosts.size() - 1).name(), values));
            }
        }
        return new ClusterModel(hosts, vms, List.of());
    }

    /** Returns a history of identical snapshots. */
    public static ClusterHistory steady(String text) {
        ClusterModel model = draw(text);
        return new ClusterHistory(List.of(model, model, model, model, model));
    }

    private static ClusterHost host(String name, Map<String, String> values) {
        HostProfile profile = new HostProfile(
                name,
                number(values, "cores", 4),
                number(values, "cpu", 0),
                MemorySize.ofMebibytes((long) number(values, "memory", 8192)),
                number(values, "used", 0),
                Bandwidth.ofMegabits(1000),
                traffic(values));
        return new ClusterHost(
                URI.create("http://%s:9622".formatted(name)),
                HostStatusBuilder.of(
                                profile, new HostCapabilities(name, new Version(10, 0, 2), null, Map.of()), "10.0.0.1")
                        .build());
    }

    private static VmStatus vm(String name, String host, Map<String, String> values) {
        MemorySize memory = MemorySize.ofMebibytes((long) number(values, "memory", 1024));
        return new VmStatus(
                name,
                host,
                values.getOrDefault("state", "running"),
                new VmDefinition(
                        name, memory, 1, "guest", "", Accelerator.TCG, 0, (long) number(values, "disk", 0) << 20),
                1,
                number(values, "cores", 0),
                MemorySize.ofMebibytes((long) number(values, "resident", memory.mebibytes())),
                traffic(values),
                values.get("migration"),
                null,
                Map.of(),
                null,
                null,
                null);
    }

    private static Traffic traffic(Map<String, String> values) {
        return new Traffic(
                Bandwidth.ofMegabits(number(values, "in", 0)), Bandwidth.ofMegabits(number(values, "out", 0)));
    }

    private static double number(Map<String, String> values, String key, double otherwise) {
        return values.containsKey(key) ? Double.parseDouble(values.get(key)) : otherwise;
    }
}
